// Sends back what it reads on its standard streams; exit code 7.
process.stdin.pipe(process.stdout);
process.stdin.on('end', () => { process.exitCode = 7; });
