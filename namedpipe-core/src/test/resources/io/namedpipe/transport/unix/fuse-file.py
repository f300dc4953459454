# Mounts a FUSE file system that is one file with the content "private" over the file
# that the argument names, for the calling user alone. Says "mounted" and answers until it
# is ended. With a second argument it is the mount of the user with that id, as
# fusermount3 makes it, and its program never answers; over a folder it is a folder. A
# third argument is a further option.
import ctypes
import os
import struct
import sys

target = os.path.realpath(sys.argv[1]).encode()
silent = len(sys.argv) > 2
user = int(sys.argv[2]) if silent else os.getuid()
libc = ctypes.CDLL(None, use_errno=True)
device = os.open("/dev/fuse", os.O_RDWR)
mode = "40755" if os.path.isdir(target) else "100644"
options = ",".join(["fd=%d,rootmode=%s,user_id=%d,group_id=%d" % (device, mode, user, user)] + sys.argv[3:])
if libc.mount(b"test", target, b"fuse", 0, options.encode()) != 0:
    sys.exit("mount: " + os.strerror(ctypes.get_errno()))
print("mounted", flush=True)

CONTENT = b"private"
ATTRIBUTES = struct.pack("<QQQQQQIIIIIIIIII", 1, len(CONTENT), 1, 0, 0, 0, 0, 0, 0, 0o100644, 1, os.getuid(),
                         os.getgid(), 0, 4096, 0)


def reply(unique, body=b"", error=0):
    os.write(device, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)


while True:
    try:
        request = os.read(device, 1 << 17)
    except OSError:
        break  # unmounted
    _, operation, unique = struct.unpack_from("<IIQ", request)
    if silent and operation != 26:
        continue
    if operation == 26:  # INIT
        major, minor = struct.unpack_from("<II", request, 40)
        reply(unique, struct.pack("<IIIIHHIIHHI", 7, min(minor, 31), 4096, 0, 0, 0, 4096, 1, 0, 0, 0) + bytes(28))
    elif operation == 3:  # GETATTR
        reply(unique, struct.pack("<QII", 0, 0, 0) + ATTRIBUTES)
    elif operation == 14:  # OPEN
        reply(unique, struct.pack("<QII", 1, 0, 0))
    elif operation == 15:  # READ
        offset, = struct.unpack_from("<Q", request, 48)
        reply(unique, CONTENT[offset:])
    elif operation == 17:  # STATFS
        reply(unique, struct.pack("<QQQQQIIII", 0, 0, 0, 0, 0, 4096, 255, 4096, 0) + bytes(24))
    elif operation in (18, 25):  # RELEASE, FLUSH
        reply(unique)
    elif operation in (2, 36, 42):  # FORGET, INTERRUPT, BATCH_FORGET
        pass
    else:
        reply(unique, error=38)
