package vivarium.server;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.function.ToLongFunction;

/**
 * What the JVM tells of itself, under the names that the dashboards for ZooKeeper know: those that
 * Prometheus's client had in its versions before 1.
 */
final class JvmMeasures implements MultiCollector {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        memory(all, "used", MemoryUsage::getUsed);
        memory(all, "committed", MemoryUsage::getCommitted);
        memory(all, "max", MemoryUsage::getMax);
        memory(all, "init", MemoryUsage::getInit);
        collections(all);
        threads(all);
        process(all);
        return all.build();
    }

    private static void memory(
            MetricSnapshots.Builder all, String what, ToLongFunction<MemoryUsage> value) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        GaugeSnapshot.Builder areas = GaugeSnapshot.builder().name("jvm_memory_bytes_" + what);
        point(areas, Labels.of("area", "heap"), value.applyAsLong(memory.getHeapMemoryUsage()));
        point(
                areas,
                Labels.of("area", "nonheap"),
                value.applyAsLong(memory.getNonHeapMemoryUsage()));
        all.metricSnapshot(areas.build());
        GaugeSnapshot.Builder pools = GaugeSnapshot.builder().name("jvm_memory_pool_bytes_" + what);
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            if (usage != null) {
                point(pools, Labels.of("pool", pool.getName()), value.applyAsLong(usage));
            }
        }
        all.metricSnapshot(pools.build());
    }

    private static void collections(MetricSnapshots.Builder all) {
        SummarySnapshot.Builder seconds =
                SummarySnapshot.builder().name("jvm_gc_collection_seconds");
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            seconds.dataPoint(
                    SummaryDataPointSnapshot.builder()
                            .labels(Labels.of("gc", gc.getName()))
                            .count(Math.max(0, gc.getCollectionCount()))
                            .sum(gc.getCollectionTime() / MILLIS)
                            .build());
        }
        all.metricSnapshot(seconds.build());
    }

    private static void threads(MetricSnapshots.Builder all) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        gauge(all, "jvm_threads_current", threads.getThreadCount());
        gauge(all, "jvm_threads_daemon", threads.getDaemonThreadCount());
        gauge(all, "jvm_threads_peak", threads.getPeakThreadCount());
        count(all, "jvm_threads_started", threads.getTotalStartedThreadCount());
        var classes = ManagementFactory.getClassLoadingMXBean();
        gauge(all, "jvm_classes_loaded", classes.getLoadedClassCount());
        count(all, "jvm_classes_unloaded", classes.getUnloadedClassCount());
    }

    private static void process(MetricSnapshots.Builder all) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        gauge(all, "process_start_time_seconds", runtime.getStartTime() / MILLIS);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            count(all, "process_cpu_seconds", system.getProcessCpuTime() / NANOS);
            if (system instanceof UnixOperatingSystemMXBean unix) {
                gauge(all, "process_open_fds", unix.getOpenFileDescriptorCount());
                gauge(all, "process_max_fds", unix.getMaxFileDescriptorCount());
            }
        }
    }

    private static void point(GaugeSnapshot.Builder builder, Labels labels, Number value) {
        builder.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build());
    }

    private static void gauge(MetricSnapshots.Builder all, String name, Number value) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name);
        point(builder, Labels.EMPTY, value);
        all.metricSnapshot(builder.build());
    }

    /** The exposition format ends its name in {@code _total}. */
    private static void count(MetricSnapshots.Builder all, String name, Number value) {
        all.metricSnapshot(
                CounterSnapshot.builder()
                        .name(name)
                        .dataPoint(
                                CounterDataPointSnapshot.builder()
                                        .value(value.doubleValue())
                                        .build())
                        .build());
    }
}
