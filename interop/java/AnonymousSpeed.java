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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.PipeProcess;

/**
 * The speed of the library's anonymous pipes, compared with a Unix-domain socket and with bare pipes. For {@link AnonymousPipes}:
 * {@code speed LONGEST SOCKET PROGRAM ARGUMENT...}, with the program {@code child echo IN OUT SOCKET}.
 */
final class AnonymousSpeed {

    private AnonymousSpeed() {
    }

    static void child(List<String> arguments) throws IOException {
        PipeChannel channel = ParentPipe.handles(arguments.get(0), arguments.get(1));
        SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(arguments.get(2)));
        FileChannel down = FileChannel.open(Path.of(arguments.get(2) + ".down"), StandardOpenOption.READ);
        FileChannel up = FileChannel.open(Path.of(arguments.get(2) + ".up"), StandardOpenOption.WRITE);
        List<Thread> others = List.of(new Thread(() -> echo(Channels.of(socket, socket))),
                new Thread(() -> echo(Channels.of(down, up))));
        others.forEach(Thread::start);
        echo(Channels.of(channel));
    }

    // Round trips of 16 bytes and an echo of 64 KiB writes, over own pipes, a Unix-domain socket pair, and the system's
    // pipes (FIFOs) with the JDK's channels alone, in turns.
    static int parent(double longest, Path socket, List<String> command) throws Exception {
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
            channel.readFully(buffer.clear());
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

        void readFully(ByteBuffer buffer);

        void write(ByteBuffer buffer);

        static Channels of(PipeChannel channel) {
            return new Channels() {

                @Override
                public int read(ByteBuffer buffer) {
                    return channel.read(buffer);
                }

                @Override
                public void readFully(ByteBuffer buffer) {
                    channel.readFully(buffer);
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
                public void readFully(ByteBuffer buffer) {
                    while (buffer.hasRemaining()) {
                        read(buffer);
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
