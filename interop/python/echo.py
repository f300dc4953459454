# Sends back what it reads on its standard streams; exit code 7.
import sys

while True:
    data = sys.stdin.buffer.read1(65536)
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
sys.exit(7)
