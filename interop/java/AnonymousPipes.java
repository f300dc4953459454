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
import java.util.List;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.PipeProcess;

/**
 * Parent or child over the library's anonymous pipes, the twin of ../dotnet/Anonymous.cs.
 * {@code parent MODE PROGRAM ARGUMENT...} or {@code child MODE HANDLE...}; the parent's mode {@code streams} talks with
 * any program that sends back what it reads, over its standard streams.
 */
final class AnonymousPipes {

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
        int code = arguments[0].equals("parent") ? parent(arguments[1], rest) : child(arguments[1], rest);
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

}
