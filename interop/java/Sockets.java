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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.net.ServerSocketFactory;

import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.socket.PipeServerSocket;
import io.namedpipe.transport.socket.PipeSocketFactory;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * Runs libraries that know nothing of pipes over pipes. The first argument is the case; a case that fails throws.
 */
final class Sockets {

    private static final int QUERIES = Integer.getInteger("queries", 10_000);

    private static final long COPY_BYTES = 100L * 1024 * 1024;

    private static final int ROUNDS = 6;

    private Sockets() {
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "postgres" -> postgres(arguments[1], arguments[2], Double.parseDouble(arguments[3]));
            case "okhttp" -> okHttp(arguments[1]);
            case "grpc" -> grpc(arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void postgres(String socket, String owner, double leastSpeed) throws Exception {
        String pipe = "jdbc:postgresql://localhost/postgres?user=test&sslmode=disable"
                + "&socketFactory=io.namedpipe.transport.socket.PipeSocketFactory&socketFactoryArg=" + socket
                + "%3Fexpected-server=" + owner;
        String other = "jdbc:postgresql://localhost/postgres?user=test&sslmode=disable"
                + "&socketFactory=org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg&socketFactoryArg=" + socket;
        cancels(pipe);
        for (Map.Entry<String, Load> load : Map.<String, Load>of("queries", Sockets::queries, "copy", Sockets::copy)
                .entrySet()) {
            long ours = Long.MAX_VALUE;
            long theirs = Long.MAX_VALUE;
            measure(pipe, load.getValue());
            measure(other, load.getValue());
            // In turns, and the quickest of each: what else the machine does disturbs both.
            for (int i = 0; i < ROUNDS; i++) {
                ours = Math.min(ours, measure(pipe, load.getValue()));
                theirs = Math.min(theirs, measure(other, load.getValue()));
            }
            double ratio = (double) theirs / ours;
            System.out.printf("%s: pipe %d ms, junixsocket %d ms, speed %.2f%n", load.getKey(),
                    TimeUnit.NANOSECONDS.toMillis(ours), TimeUnit.NANOSECONDS.toMillis(theirs), ratio);
            check(ratio >= leastSpeed, "%s are slower than %.1f of junixsocket's speed".formatted(load.getKey(), leastSpeed));
        }
    }

    private static long measure(String url, Load load) throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            long start = System.nanoTime();
            load.run(connection);
            return System.nanoTime() - start;
        }
    }

    private static void queries(Connection connection) throws Exception {
        try (PreparedStatement query = connection.prepareStatement("select ?::int + 1")) {
            for (int i = 0; i < QUERIES; i++) {
                query.setInt(1, i);
                try (ResultSet result = query.executeQuery()) {
                    check(result.next() && result.getInt(1) == i + 1, "a wrong answer");
                }
            }
        }
    }

    // 100 MB in and out again.
    private static void copy(Connection connection) throws Exception {
        CopyManager copy = new CopyManager((BaseConnection) connection);
        byte[] row = new byte[1024];
        Arrays.fill(row, (byte) 'x');
        row[row.length - 1] = '\n';
        long rows = COPY_BYTES / row.length;
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table bulk (line text)");
        }
        InputStream source = new InputStream() {

            private long left = rows * row.length;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (this.left == 0) {
                    return -1;
                }
                int at = (int) ((rows * row.length - this.left) % row.length);
                int count = Math.min(length, row.length - at);
                System.arraycopy(row, at, bytes, offset, count);
                this.left -= count;
                return count;
            }

        };
        check(copy.copyIn("copy bulk from stdin", source) == rows, "rows are missing");
        long[] count = new long[1];
        copy.copyOut("copy bulk to stdout", new OutputStream() {

            @Override
            public void write(int value) {
                count[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                count[0] += length;
            }

        });
        check(count[0] == rows * row.length, "bytes are missing");
    }

    // A query that takes too long is ended by a time-out of the socket, by a close, and by an interrupt.
    private static void cancels(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url + "&socketTimeout=1")) {
            check(took(() -> sleep(connection)) < 5, "the time-out did not end the read");
        }
        Connection closed = DriverManager.getConnection(url);
        later(() -> closed.abort(Runnable::run));
        check(took(() -> sleep(closed)) < 10, "the close did not end the read");
        Connection interrupted = DriverManager.getConnection(url);
        Thread reader = Thread.currentThread();
        later(reader::interrupt);
        check(took(() -> sleep(interrupted)) < 10, "the interrupt did not end the read");
        Thread.interrupted();
        System.out.println("a blocked query ends on time-out, close and interrupt");
    }

    private static void sleep(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_sleep(60)");
            throw new AssertionError("the query went on");
        }
        catch (SQLException ex) {
            // As it should be.
        }
    }

    private static long took(Runnable body) {
        long start = System.nanoTime();
        body.run();
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private static void later(Action action) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(500);
                action.run();
            }
            catch (Exception ex) {
                ex.printStackTrace();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static ServerSocketFactory servers(UnixPipeTransport transport, PipeAddress address) {
        return new ServerSocketFactory() {

            @Override
            public ServerSocket createServerSocket() throws IOException {
                return new PipeServerSocket(transport.bind(address, PipeServerOptions.defaults()));
            }

            @Override
            public ServerSocket createServerSocket(int port) throws IOException {
                return createServerSocket();
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                return createServerSocket();
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
                return createServerSocket();
            }

        };
    }

    private static void okHttp(String folder) throws Exception {
        UnixPipeTransport transport = new UnixPipeTransport(Path.of(folder));
        PipeAddress address = PipeAddress.of("web");
        byte[] body = new byte[300_000];
        Arrays.fill(body, (byte) 'b');
        try (MockWebServer server = new MockWebServer()) {
            server.setServerSocketFactory(servers(transport, address));
            server.start();
            OkHttpClient client = new OkHttpClient.Builder()
                    .socketFactory(new PipeSocketFactory(transport, address, PipeClientOptions.defaults()))
                    .readTimeout(10, TimeUnit.SECONDS)
                    .build();
            for (int i = 0; i < 100; i++) {
                server.enqueue(new MockResponse().setBody(new okio.Buffer().write(body)));
                Request request = new Request.Builder().url(server.url("/path/" + i))
                        .post(RequestBody.create(body, MediaType.get("application/octet-stream")))
                        .build();
                try (Response response = client.newCall(request).execute()) {
                    check(Arrays.equals(response.body().bytes(), body), "another body came back");
                }
                RecordedRequest recorded = server.takeRequest();
                check(Arrays.equals(recorded.getBody().readByteArray(), body), "another body arrived");
                check(recorded.getSequenceNumber() == i, "the connection was not kept");
            }
            server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
            OkHttpClient hasty = client.newBuilder().readTimeout(300, TimeUnit.MILLISECONDS).build();
            long start = System.nanoTime();
            try (Response response = hasty.newCall(new Request.Builder().url(server.url("/slow")).build()).execute()) {
                throw new AssertionError("the time-out was not kept");
            }
            catch (java.net.SocketTimeoutException ex) {
                check(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10), "the time-out came late");
            }
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
        System.out.println("OkHttp: 100 requests of 300,000 bytes each way on one connection, and a time-out");
    }

    private static void grpc(String folder) throws Exception {
        UnixPipeTransport transport = new UnixPipeTransport(Path.of(folder));
        PipeAddress address = PipeAddress.of("grpc");
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("test.Echo/Echo")
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        Server server = OkHttpServerBuilder
                .forPort(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        InsecureServerCredentials.create())
                .socketFactory(servers(transport, address))
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(method, ServerCalls.asyncUnaryCall(Sockets::echo))
                        .build())
                .build()
                .start();
        ManagedChannel channel = OkHttpChannelBuilder.forAddress("localhost", 1)
                .usePlaintext()
                .socketFactory(new PipeSocketFactory(transport, address, PipeClientOptions.defaults()))
                .build();
        byte[] message = new byte[300_000];
        Arrays.fill(message, (byte) 7);
        for (int i = 0; i < 200; i++) {
            byte[] back = ClientCalls.blockingUnaryCall(channel, method,
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), message);
            check(Arrays.equals(back, message), "another message came back");
        }
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        check(server.isTerminated(), "the server did not end");
        System.out.println("gRPC: 200 calls of 300,000 bytes each way");
    }

    private static void echo(byte[] request, StreamObserver<byte[]> observer) {
        observer.onNext(request);
        observer.onCompleted();
    }

    private static void check(boolean condition, String problem) {
        if (!condition) {
            throw new AssertionError(problem);
        }
    }

    private interface Load {

        void run(Connection connection) throws Exception;

    }

    private interface Action {

        void run() throws Exception;

    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new java.io.ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            }
            catch (IOException ex) {
                throw new java.io.UncheckedIOException(ex);
            }
        }

    }

}
