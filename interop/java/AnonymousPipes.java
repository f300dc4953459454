/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.jna.Function;
import com.sun.jna.Memory;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.PipeProcess;

/**
 * Parent or child over the library's anonymous pipes, the twin of ../dotnet/Anonymous.cs.
 * {@code parent MODE PROGRAM ARGUMENT...} or {@code child MODE HANDLE...}; the parent's mode {@code streams} talks with
 * any program that sends back what it reads, over its standard streams. {@code workers COUNT [WORKER]} looks for leaks,
 * on Windows with the program ../windows/echo.c as worker, and {@code speed SOCKET PROGRAM ARGUMENT...} compares with a Unix-domain socket.
 */
final class AnonymousPipes {

    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private static final int SIZE = 300_000;

    private static final int CHILD_CODE = 7;

    private AnonymousPipes() {
    }

    private static byte[] pattern(int seed) {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (i * 31 + i / 251 + seed);
        }
        return bytes;
    }

    private static boolean readsPattern(PipeChannel channel, int seed) {
        ByteBuffer buffer = ByteBuffer.allocate(SIZE);
        return channel.readFully(buffer) && java.util.Arrays.equals(buffer.array(), pattern(seed))
                && channel.read(ByteBuffer.allocate(1)) == -1;
    }

    private static void writePattern(PipeChannel channel, int seed) {
        channel.write(ByteBuffer.wrap(pattern(seed)));
        channel.shutdownOutput();
    }

    public static void main(String[] arguments) throws Exception {
        List<String> rest = List.of(arguments).subList(2, arguments.length);
        int code = switch (arguments[0]) {
            case "parent" -> parent(arguments[1], rest);
            case "workers" -> workers(Integer.parseInt(arguments[1]), rest);
            case "speed" -> speed(Double.parseDouble(arguments[1]), Path.of(rest.get(0)), rest.subList(1, rest.size()));
            default -> child(arguments[1], rest);
        };
        System.exit(code);
    }

    private static int child(String mode, List<String> handles) throws Exception {
        switch (mode) {
            case "in":
                return readsPattern(ParentPipe.handles(handles.get(0), null), 1) ? CHILD_CODE : 1;
            case "out":
                writePattern(ParentPipe.handles(null, handles.get(0)), 2);
                return CHILD_CODE;
            case "both": {
                PipeChannel channel = ParentPipe.handles(handles.get(0), handles.get(1));
                if (!readsPattern(channel, 1)) {
                    return 1;
                }
                writePattern(channel, 2);
                return CHILD_CODE;
            }
            case "echo": {
                PipeChannel channel = ParentPipe.handles(handles.get(0), handles.get(1));
                SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(handles.get(2)));
                FileChannel down = FileChannel.open(Path.of(handles.get(2) + ".down"), StandardOpenOption.READ);
                FileChannel up = FileChannel.open(Path.of(handles.get(2) + ".up"), StandardOpenOption.WRITE);
                List<Thread> others = List.of(new Thread(() -> echo(Channels.of(socket, socket))),
                        new Thread(() -> echo(Channels.of(down, up))));
                others.forEach(Thread::start);
                echo(Channels.of(channel));
                return CHILD_CODE;
            }
            default: {
                PipeChannel channel = ParentPipe.handles(handles.get(0), handles.get(1));
                channel.write(ByteBuffer.wrap(new byte[] { 1 }));
                channel.read(ByteBuffer.allocate(1));
                Files.writeString(Path.of(handles.get(2)), "end of stream");
                return CHILD_CODE;
            }
        }
    }

    private static int parent(String mode, List<String> command) throws Exception {
        PipeProcess.Builder builder = PipeProcess.of(new ProcessBuilder(command));
        try (PipeProcess process = mode.equals("streams") ? builder.start() : builder.handles().start()) {
            PipeChannel channel = process.channel();
            boolean good = true;
            switch (mode) {
                case "in" -> writePattern(channel, 1);
                case "out" -> good = readsPattern(channel, 2);
                case "both" -> {
                    writePattern(channel, 1);
                    good = readsPattern(channel, 2);
                }
                case "streams" -> {
                    Thread writer = new Thread(() -> writePattern(channel, 1));
                    writer.start();
                    good = readsPattern(channel, 1);
                    writer.join();
                }
                default -> {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    good = channel.read(one) == 1;
                    System.out.println("child " + process.process().pid());
                    good &= channel.read(one.clear()) == -1;
                    System.out.println("end of stream");
                    return good ? 0 : 1;
                }
            }
            int code = process.process().waitFor();
            if (code != CHILD_CODE) {
                System.err.println("exit code " + code);
            }
            return (good && code == CHILD_CODE) ? 0 : 1;
        }
    }

    // Children that have nothing to do with pipes run beside the workers; they must not inherit any. The second half of
    // the workers must not cost a descriptor: the first half has opened what the JVM opens once (jars, the sources of
    // random numbers, the memory of native calls, a socket for closing).
    private static int workers(int count, List<String> worker) throws Exception {
        List<Process> strangers = new CopyOnWriteArrayList<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<String> stranger = worker.isEmpty() ? List.of("sleep", "600") : List.of(worker.get(0), "sleep");
        Thread starting = new Thread(() -> attempt(failures, () -> {
            for (int i = 0; i < Math.min(50, count / 10); i++) {
                strangers.add(new ProcessBuilder(stranger).start());
                Thread.sleep(20);
            }
        }));
        starting.start();
        runWorkers(0, count / 2, worker, failures);
        starting.join();
        long middle = handles();
        runWorkers(count / 2, count, worker, failures);
        long after = handles();
        int leaked = 0;
        for (Process each : strangers) {
            if (!WINDOWS) {
                try (Stream<Path> open = Files.list(Path.of("/proc/%d/fd".formatted(each.pid())))) {
                    leaked += (open.count() > 3) ? 1 : 0;
                }
            }
            each.destroyForcibly().waitFor();
        }
        failures.forEach(Throwable::printStackTrace);
        System.out.printf("%d workers beside %d others, %d failures, %d others with a pipe, %d handles after a half and %d after all%n",
                count, strangers.size(), failures.size(), leaked, middle, after);
        // A JVM of Windows opens and closes handles of its own at any time.
        return (failures.isEmpty() && leaked == 0 && after <= middle + (WINDOWS ? 10 : 0)) ? 0 : 1;
    }

    private static void runWorkers(int from, int to, List<String> worker, Queue<Throwable> failures) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            threads.add(new Thread(() -> attempt(failures, () -> {
                for (int number; (number = next.getAndIncrement()) < to;) {
                    worker(number, worker);
                }
            })));
        }
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }
    }

    private static void attempt(Queue<Throwable> failures, Callable body) {
        try {
            body.call();
        }
        catch (Throwable ex) {
            failures.add(ex);
        }
    }

    private static long handles() throws Exception {
        if (WINDOWS) {
            // The JDK closes the handle of a process when its object is collected.
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(300);
                least = Math.min(least, windowsHandles());
            }
            return least;
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    // GetProcessHandleCount is always 0 under Wine; the list of all handles of the system (SYSTEM_HANDLE_INFORMATION) is
    // there.
    private static long windowsHandles() {
        int size = 8 << 20;
        Memory list = new Memory(size);
        int status = Function.getFunction("ntdll", "NtQuerySystemInformation")
            .invokeInt(new Object[] { 16, list, size, null });
        int own = (int) ProcessHandle.current().pid();
        long count = IntStream.range(0, list.getInt(0)).filter((i) -> list.getInt(8 + 24L * i) == own).count();
        if (status != 0 || count == 0) {
            throw new AssertionError("the handles cannot be counted: status " + status);
        }
        return count;
    }

    private static ProcessBuilder workerProcess(boolean handles, List<String> worker) {
        if (!worker.isEmpty()) {
            return handles ? new ProcessBuilder(worker.get(0), "{in}", "{out}") : new ProcessBuilder(worker);
        }
        return handles ? new ProcessBuilder("/bin/sh", "-c", "exec cat <&{in} >&{out}") : new ProcessBuilder("cat");
    }

    private static void worker(int number, List<String> worker) throws Exception {
        boolean handles = number % 2 == 1;
        PipeProcess.Builder child = PipeProcess.of(workerProcess(handles, worker));
        try (PipeProcess process = handles ? child.handles().start() : child.start()) {
            PipeChannel channel = process.channel();
            if (WINDOWS || number % 4 > 1) {
                channel.setReadTimeout(Duration.ofSeconds(20));
            }
            ByteBuffer text = ByteBuffer.wrap("worker %08d".formatted(number).getBytes());
            channel.write(text.duplicate());
            ByteBuffer back = ByteBuffer.allocate(text.remaining());
            channel.readFully(back);
            channel.shutdownOutput();
            if (!back.flip().equals(text) || channel.read(ByteBuffer.allocate(1)) != -1) {
                throw new AssertionError("another answer");
            }
            if (!process.process().waitFor(20, TimeUnit.SECONDS) || process.process().exitValue() != 0) {
                throw new AssertionError("the worker does not end");
            }
        }
    }

    private interface Callable {

        void call() throws Exception;

    }

    // Round trips of 16 bytes and an echo of 64 KiB writes, over own pipes, a Unix-domain socket pair, and the system's
    // pipes (FIFOs) with the JDK's channels alone, in turns.
    private static int speed(double longest, Path socket, List<String> command) throws Exception {
        Path down = Path.of(socket + ".down");
        Path up = Path.of(socket + ".up");
        new ProcessBuilder("mkfifo", down.toString(), up.toString()).inheritIO().start().waitFor();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            try (PipeProcess process = PipeProcess.of(new ProcessBuilder(command)).handles().start();
                    SocketChannel accepted = server.accept();
                    FileChannel sink = FileChannel.open(down, StandardOpenOption.WRITE);
                    FileChannel source = FileChannel.open(up, StandardOpenOption.READ)) {
                PipeChannel channel = process.channel();
                double[] ratios = compare("pipes", channel, accepted, source, sink);
                channel.setReadTimeout(Duration.ofMinutes(1));
                channel.setWriteTimeout(Duration.ofMinutes(1));
                compare("pipes with time-outs", channel, accepted, source, sink);
                return (ratios[0] <= longest && ratios[1] <= longest) ? 0 : 1;
            }
        }
    }

    // The least times, and the bounds' ratios: the round trip's to the socket's, the echo's to that over bare pipes.
    private static double[] compare(String name, PipeChannel channel, SocketChannel socket, FileChannel source,
            FileChannel sink) throws Exception {
        List<Channels> ways = List.of(Channels.of(channel), Channels.of(socket, socket), Channels.of(source, sink));
        double[] trip = { Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE };
        double[] echo = trip.clone();
        for (int round = 0; round < 16; round++) {
            for (int way = 0; way < trip.length; way++) {
                trip[way] = Math.min(trip[way], roundTrips(ways.get(way), 5_000));
            }
            for (int way = 0; way < echo.length; way++) {
                echo[way] = Math.min(echo[way], bulk(ways.get(way)));
            }
        }
        System.out.printf("round trip: %s %.1f us, socket %.1f us, bare pipes %.1f us: %.2f of the socket, %.2f of bare pipes%n",
                name, trip[0], trip[1], trip[2], trip[0] / trip[1], trip[0] / trip[2]);
        System.out.printf("echo of 64 KiB writes: %s %.0f MB/s, socket %.0f, bare pipes %.0f: %.2f of the socket's time, %.2f of bare pipes'%n",
                name, 64 / echo[0], 64 / echo[1], 64 / echo[2], echo[0] / echo[1], echo[0] / echo[2]);
        return new double[] { trip[0] / trip[1], echo[0] / echo[2] };
    }

    private static double roundTrips(Channels channel, int count) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(16);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            channel.write(buffer.clear());
            buffer.clear();
            while (buffer.hasRemaining()) {
                channel.read(buffer);
            }
        }
        return (System.nanoTime() - start) / 1e3 / count;
    }

    private static double bulk(Channels channel) throws Exception {
        int blocks = 1024;
        long start = System.nanoTime();
        Thread writer = new Thread(() -> {
            ByteBuffer block = ByteBuffer.allocateDirect(64 * 1024);
            for (int i = 0; i < blocks; i++) {
                channel.write(block.clear());
            }
        });
        writer.start();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        for (long left = blocks * 64L * 1024; left > 0;) {
            left -= channel.read(buffer.clear());
        }
        writer.join();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void echo(Channels channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        while (channel.read(buffer.clear()) >= 0) {
            channel.write(buffer.flip());
        }
    }

    private interface Channels {

        int read(ByteBuffer buffer);

        void write(ByteBuffer buffer);

        static Channels of(PipeChannel channel) {
            return new Channels() {

                @Override
                public int read(ByteBuffer buffer) {
                    return channel.read(buffer);
                }

                @Override
                public void write(ByteBuffer buffer) {
                    channel.write(buffer);
                }

            };
        }

        static Channels of(ReadableByteChannel source, WritableByteChannel sink) {
            return new Channels() {

                @Override
                public int read(ByteBuffer buffer) {
                    try {
                        return source.read(buffer);
                    }
                    catch (IOException ex) {
                        return -1;
                    }
                }

                @Override
                public void write(ByteBuffer buffer) {
                    try {
                        while (buffer.hasRemaining()) {
                            sink.write(buffer);
                        }
                    }
                    catch (IOException ex) {
                        throw new UncheckedIOException(ex);
                    }
                }

            };
        }

    }

}
