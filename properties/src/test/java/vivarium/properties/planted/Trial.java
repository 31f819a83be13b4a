package vivarium.properties.planted;

import java.lang.management.ManagementFactory;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import vivarium.properties.planted.Mistake.Check;
import vivarium.simulation.Options;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Violation;

/** One check against one mistake, in a JVM in whose class path the mistake comes first. */
final class Trial {
    static final String FELL = "TRIAL FELL ";
    static final String HELD = "TRIAL HELD ";

    private static final int CLIENTS = 5;

    /** How long one seed may take; the slowest take a second. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final List<String> falls;
    private final AtomicInteger tried = new AtomicInteger();
    private volatile long begunNanos;

    private Trial(List<String> falls) {
        this.falls = falls;
    }

    /**
     * Runs the check and tells what came of it in one line: what fell, after how many seeds or
     * tests, and how many milliseconds the processor took.
     *
     * @param arguments the check, for how many seconds, the type that has the mistake in it and the
     *     folder that it must come from, and what is expected to fall
     */
    public static void main(String[] arguments) throws Exception {
        Class<?> planted = Class.forName(arguments[2], false, Trial.class.getClassLoader());
        URL place = planted.getProtectionDomain().getCodeSource().getLocation();
        if (!arguments[3].isEmpty() && !place.getPath().contains(arguments[3])) {
            throw new IllegalStateException(planted + " comes from " + place);
        }
        List<String> falls = Arrays.asList(arguments).subList(4, arguments.length);
        Trial trial = new Trial(falls);
        long seconds = Long.parseLong(arguments[1]);
        switch (Catalogue.check(arguments[0])) {
            case Check.World world -> trial.run(world, seconds);
            case Check.Tests tests -> trial.run(tests);
        }
    }

    private void run(Check.World check, long seconds) {
        Options usual = Options.of(check.servers(), CLIENTS);
        Options options =
                new Options(
                        check.servers(),
                        check.observers(),
                        CLIENTS,
                        check.actSeconds() * 1_000_000L,
                        usual.faults(),
                        usual.mistake());
        Map<String, Integer> others = new TreeMap<>();
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        watch();
        for (long seed = 1; System.nanoTime() - until < 0; seed++) {
            tried.incrementAndGet();
            begunNanos = System.nanoTime();
            Violation violation = World.run(Swarm.draw(seed, options), 0).violation();
            if (violation == null) {
                continue;
            }
            if (falls.contains(violation.invariant())) {
                tell(FELL, violation.invariant());
            }
            others.merge(violation.invariant(), 1, Integer::sum);
        }
        tell(HELD, others.isEmpty() ? "everything" : "but for " + others);
    }

    /** As a campaign does, it gives up a seed that comes to no end. */
    private void watch() {
        begunNanos = System.nanoTime();
        Thread watching =
                new Thread(() -> {
                    while (System.nanoTime() - begunNanos < PATIENCE_NANOS) {
                        LockSupport.parkNanos(PATIENCE_NANOS / 20);
                    }
                    tell(falls.contains(Trials.HANGS) ? FELL : HELD, Trials.HANGS);
                });
        watching.setDaemon(true);
        watching.start();
    }

    private void run(Check.Tests tests) throws ClassNotFoundException {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(
                                DiscoverySelectors.selectClass(
                                        Class.forName("vivarium.properties." + tests.type())))
                        .configurationParameter("jqwik.database", "")
                        .configurationParameter("jqwik.reporting.onlyfailures", "true")
                        .configurationParameter("jqwik.shrinking.default", "OFF")
                        .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary, new Falls());
        if (summary.getSummary().getTestsStartedCount() == 0) {
            throw new IllegalStateException("there is no test in " + tests.type());
        }
        tell(HELD, "everything");
    }

    /** Ends with the first test that fails and was expected to. */
    private final class Falls implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            tried.addAndGet(test.isTest() ? 1 : 0);
            if (result.getStatus() != TestExecutionResult.Status.FAILED) {
                return;
            }
            String id = test.getUniqueId();
            if (falls.isEmpty() || falls.stream().anyMatch(fall -> id.contains(":" + fall + "("))) {
                tell(FELL, methodIn(id));
            }
        }
    }

    /** {@code ...[method:name(Types)]...} without the rest. */
    private static String methodIn(String id) {
        for (String kind : List.of("method:", "test-template:", "property:")) {
            int start = id.lastIndexOf("[" + kind);
            if (start >= 0) {
                int from = start + 1 + kind.length();
                return id.substring(
                        from,
                        id.indexOf('(', from) < 0 ? id.indexOf(']', from) : id.indexOf('(', from));
            }
        }
        return id.substring(id.lastIndexOf('[') + 1);
    }

    /** Says what came of it, and ends this process. */
    private void tell(String what, String detail) {
        long cpuMillis = 0;
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            cpuMillis = system.getProcessCpuTime() / 1_000_000;
        }
        System.out.println();
        System.out.println(what + tried + " " + cpuMillis + " " + detail);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
