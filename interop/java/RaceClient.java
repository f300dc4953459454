import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks a server for two files in turns, over several connections at once: one that the user of this process may read,
 * and one that it may not. Prints how often the server was wrong.
 *
 * usage: java RaceClient.java SOCKET CONNECTIONS REQUESTS OWN-FILE OWN-TEXT FOREIGN-FILE
 */
class RaceClient {

    static final AtomicInteger leaked = new AtomicInteger();

    static final AtomicInteger refused = new AtomicInteger();

    static final AtomicInteger broken = new AtomicInteger();

    public static void main(String[] args) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(Path.of(args[0]));
        int requests = Integer.parseInt(args[2]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            Thread thread = new Thread(() -> run(address, requests, args[3], args[4], args[5]));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("leaked=%d refused=%d broken=%d%n", leaked.get(), refused.get(), broken.get());
    }

    static void run(UnixDomainSocketAddress address, int requests, String own, String text, String foreign) {
        for (int i = 0; i < requests; i++) {
            boolean asksForOwn = i % 2 == 0;
            try {
                String reply = ask(address, asksForOwn ? own : foreign);
                if (asksForOwn && reply == null) {
                    refused.incrementAndGet();
                }
                else if (!asksForOwn && reply != null) {
                    leaked.incrementAndGet();
                }
                else if (asksForOwn && !reply.equals(text)) {
                    broken.incrementAndGet();
                }
            }
            catch (Exception ex) {
                if (broken.getAndIncrement() == 0) {
                    ex.printStackTrace();
                }
            }
        }
    }

    static String ask(UnixDomainSocketAddress address, String file) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(address);
            if (!"I am the one true server!".equals(read(channel))) {
                throw new IllegalStateException("a wrong greeting");
            }
            byte[] name = file.getBytes(StandardCharsets.UTF_16LE);
            channel.write(ByteBuffer.allocate(2 + name.length).putShort((short) name.length).put(name).flip());
            return read(channel);
        }
    }

    static String read(SocketChannel channel) throws Exception {
        InputStream stream = Channels.newInputStream(channel);
        byte[] header = stream.readNBytes(2);
        if (header.length < 2) {
            return null;
        }
        int length = ByteBuffer.wrap(header).getShort() & 0xffff;
        byte[] body = stream.readNBytes(length);
        if (body.length < length) {
            throw new IllegalStateException("a reply that is cut");
        }
        return new String(body, StandardCharsets.UTF_16LE);
    }

}
