package vivarium.benchmarks.jmh;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;
import vivarium.measures.LoopMeasures;
import vivarium.measures.Measures;
import vivarium.measures.Summary;
import vivarium.net.Traffic;

/**
 * What a server counts on the way of a write, with the server's own counters, and a registry that
 * asks for them now and then, as a scraper would have it.
 */
final class Counting implements MultiCollector {
    /** A second's worth or so; those who scrape do it once in fifteen. */
    private static final int PROPOSALS_PER_SCRAPE = 1 << 18;

    private static final int REQUEST_BYTES = 151;
    private static final int REPLY_BYTES = 92;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final LoopMeasures loop = new LoopMeasures();
    private final Traffic traffic = new Traffic();
    private final Summary forceMillis = new Summary();
    private final Summary batchSizes = new Summary();
    private int proposals;
    private int unforced;
    private int scraped;
    private boolean dirty;

    Counting() {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Measures measures = new Measures();
        loop.report(measures, false);
        measures.count("bytes_received_count", traffic.receivedBytes());
        measures.count("response_bytes", traffic.sentBytes());
        measures.percentiles("updatelatency", traffic.writeLatency());
        measures.summary("fsynctime", forceMillis);
        measures.summary("sync_processor_batch_size", batchSizes);
        return measures.build();
    }

    void given(Input input) {
        if (input instanceof Input.Received received) {
            loop.received(received.message());
        } else if (input instanceof Input.Request) {
            traffic.onReceived(REQUEST_BYTES);
        }
    }

    void entered(PhaseName phase, long nowMillis) {
        loop.entered(phase, nowMillis);
    }

    void appended(Proposal proposal, long nowMillis) {
        loop.appended(proposal, nowMillis);
        unforced++;
        proposals++;
    }

    void sent(Message message) {
        loop.sent(message);
    }

    void replied() {
        traffic.onAnswered(0, true);
        traffic.onSent(REPLY_BYTES);
        dirty = true;
    }

    void forced(long zxid, long nowMillis) {
        forceMillis.add(0);
        batchSizes.add(unforced);
        unforced = 0;
        loop.forced(zxid, nowMillis);
    }

    /** The turn is over. */
    void ended(long appliedZxid, long nowMillis) {
        loop.applied(appliedZxid, nowMillis);
        if (dirty) {
            traffic.onFlush();
            dirty = false;
        }
        if (proposals >= PROPOSALS_PER_SCRAPE) {
            proposals = 0;
            scraped += registry.scrape().size();
        }
    }

    /** How many values the registry was given so far. */
    int scraped() {
        return scraped;
    }
}
