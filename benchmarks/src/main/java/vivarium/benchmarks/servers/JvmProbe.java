package vivarium.benchmarks.servers;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Looks into the JVM of a server: how much it allocates, and how much of that lives. */
public final class JvmProbe implements AutoCloseable {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final ObjectName threading;
    private final ObjectName compilation;

    private JvmProbe(JMXConnector connector) throws IOException, JMException {
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
        this.threading = new ObjectName("java.lang:type=Threading");
        this.compilation = new ObjectName("java.lang:type=Compilation");
    }

    /**
     * Loads the JDK's management agent into a server. That takes some memory there, so it is not
     * for servers whose memory is measured.
     */
    @SuppressWarnings("BanJNDI") // the address is that of a process which we have started
    public static JvmProbe attach(ServerProcess server) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(server.pid()));
            try {
                String url = machine.startLocalManagementAgent();
                return new JvmProbe(JMXConnectorFactory.connect(new JMXServiceURL(url)));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | JMException e) {
            throw new IOException("can't look into the JVM of " + server.contender(), e);
        }
    }

    /** What all threads, ended ones too, have allocated so far. */
    public long allocatedBytes() throws IOException {
        return figure(threading, "TotalThreadAllocatedBytes");
    }

    /** How long the JVM's compilers have worked so far, all of them together. */
    public long compilingMillis() throws IOException {
        return figure(compilation, "TotalCompilationTime");
    }

    private long figure(ObjectName bean, String attribute) throws IOException {
        try {
            return (Long) beans.getAttribute(bean, attribute);
        } catch (JMException e) {
            throw new IOException("the JVM does not say its " + attribute, e);
        }
    }

    /** Collects all garbage of a server; how many bytes of its heap are left. */
    public static long liveHeapBytes(ServerProcess server)
            throws IOException, InterruptedException {
        // The second collection takes what only finalizers and cleaners of the first had let go.
        jcmd(server, "GC.run");
        jcmd(server, "GC.run");
        String info = jcmd(server, "GC.heap_info");
        Matcher used = USED.matcher(info);
        if (!used.find()) {
            throw new IOException("no use of the heap in: " + info);
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    private static String jcmd(ServerProcess server, String command)
            throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process =
                new ProcessBuilder(program, String.valueOf(server.pid()), command)
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + text);
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
