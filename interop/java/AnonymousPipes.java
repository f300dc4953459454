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

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.PipeProcess;

/**
 * Parent or child over the library's anonymous pipes, the twin of ../dotnet/Anonymous.cs.
 * {@code parent MODE PROGRAM ARGUMENT...} or {@code child MODE HANDLE...}; the parent's mode {@code streams} talks with
 * any program that sends back what it reads, over its standard streams. {@code workers COUNT [WORKER]} looks for leaks,
 * on Windows with the program ../windows/echo.c as worker, and {@code speed} is {@link AnonymousSpeed}.
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
            case "speed" -> AnonymousSpeed.parent(Double.parseDouble(arguments[1]), Path.of(rest.get(0)), rest.subList(1, rest.size()));
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
            case "echo":
                AnonymousSpeed.child(handles);
                return CHILD_CODE;
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

    // Wine fails now and then to start a process while it starts others (ERROR_INTERNAL_ERROR).
    private static PipeProcess start(PipeProcess.Builder child) {
        for (int attempt = 1;; attempt++) {
            try {
                return child.start();
            }
            catch (PipeException ex) {
                if (attempt == 3 || !String.valueOf(ex.getMessage()).contains("CreateProcess error=1359")) {
                    throw ex;
                }
            }
        }
    }

    private static void worker(int number, List<String> worker) throws Exception {
        boolean handles = number % 2 == 1;
        PipeProcess.Builder child = PipeProcess.of(workerProcess(handles, worker));
        try (PipeProcess process = start(handles ? child.handles() : child)) {
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

}
