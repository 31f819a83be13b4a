package vivarium.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys that a {@code zoo.cfg} may have, and what this server makes of each. */
final class KnownKeys {

    /** What this server makes of a key. */
    enum Use {
        /** It does what it says. */
        HONOURED,
        /** It tunes a part that this server does not have, so there is nothing to do. */
        POINTLESS,
        /** This server does not do that yet, and is none the less right without it. */
        IGNORED,
        /** This server does not do that yet, and to start without it would be wrong. */
        REFUSED
    }

    /** They do something here. */
    static final Set<String> HONOURED =
            Set.of(
                    "dataDir",
                    "dataLogDir",
                    "tickTime",
                    "clientPort",
                    "clientPortAddress",
                    "clientPortListenBacklog",
                    "clientTcpKeepAlive",
                    "maxClientCnxns",
                    "maxCnxns",
                    "minSessionTimeout",
                    "maxSessionTimeout",
                    "jute.maxbuffer",
                    "jute.maxbuffer.extrasize",
                    "nio.sessionlessCnxnTimeout",
                    "snapCount",
                    "preAllocSize",
                    "serializeLastProcessedZxid.enabled",
                    "digest.enabled",
                    "snapshot.compression.method",
                    "txnLogSizeLimitInKb",
                    "snapSizeLimitInKb",
                    "snapshotSizeFactor",
                    "commitLogCount",
                    "forceSync",
                    "fsync.warningthresholdms",
                    "autopurge.snapRetainCount",
                    "autopurge.purgeInterval",
                    "datadir.autocreate",
                    "db.autocreate",
                    "snapshot.trust.empty",
                    "extendedTypesEnabled",
                    "znode.container.checkIntervalMs",
                    "znode.container.maxNeverUsedIntervalMs",
                    "znode.container.maxPerMinute",
                    "globalOutstandingLimit",
                    "skipACL",
                    "enforceQuota",
                    "DigestAuthenticationProvider.enabled",
                    "DigestAuthenticationProvider.superDigest",
                    "DigestAuthenticationProvider.digestAlg",
                    "4lw.commands.whitelist",
                    "initLimit",
                    "syncLimit",
                    "electionAlg",
                    "peerType",
                    "cnxTimeout",
                    "quorumListenOnAllIPs",
                    "electionPortBindRetry",
                    "standaloneEnabled",
                    "multiAddress.enabled",
                    "dynamicConfigFile",
                    "leaderServes",
                    "requestThrottleLimit",
                    "request_throttle_max_requests",
                    "request_throttle_drop_stale",
                    "request_stale_latency_check",
                    "throttled_op_wait_time",
                    "largeRequestThreshold",
                    "largeRequestMaxBytes",
                    "connection_throttle_tokens",
                    "connection_throttle_fill_time",
                    "connection_throttle_fill_count",
                    "connection_throttle_freeze_time",
                    "connection_throttle_drop_increase",
                    "connection_throttle_drop_decrease",
                    "connection_throttle_decrease_ratio",
                    "connection_throttle_weight_enabled",
                    "connection_throttle_global_session_weight",
                    "connection_throttle_renew_session_weight",
                    "audit.enable",
                    "audit.impl.class",
                    "enforce.auth.enabled",
                    "enforce.auth.schemes",
                    "metricsProvider.className",
                    "metricsProvider.httpHost",
                    "metricsProvider.httpPort",
                    "metricsProvider.exportJvmInfo",
                    "readonlymode.enabled",
                    "vivarium.record",
                    "vivarium.recordMegabytes");

    /** They concern parts that are made otherwise here. */
    private static final Set<String> POINTLESS =
            Set.of(
                    "connectToLearnerMasterLimit",
                    "quorumCnxnTimeoutMs",
                    "quorum.cnxn.threads.size",
                    "tcpKeepAlive",
                    "fastleader.minNotificationInterval",
                    "fastleader.maxNotificationInterval",
                    "leader.maxConcurrentSnapSyncs",
                    "leader.maxConcurrentDiffSyncs",
                    "leader.maxTimeToWaitForEpoch",
                    "leader.ackLoggingFrequency",
                    "leaderConnectDelayDuringRetryMs",
                    "learner.asyncSending",
                    "learner.closeSocketAsync",
                    "leader.closeSocketAsync",
                    "follower.nodelay",
                    "leader.nodelay",
                    "forward_learner_requests_to_commit_processor_disabled",
                    "follower.skipLearnerRequestToNextProcessor",
                    "observer.reconnectDelayMs",
                    "observer.election.DelayMs",
                    "observerMaster.sizeLimit",
                    "syncEnabled",
                    "forceSnapshotSync",
                    "serverCnxnFactory",
                    "nio.numSelectorThreads",
                    "nio.numWorkerThreads",
                    "nio.directBufferBytes",
                    "nio.shutdownTimeout",
                    "netty.advancedFlowControl.enabled",
                    "intBufferStartingSizeBytes",
                    "flushDelay",
                    "maxWriteQueuePollTime",
                    "maxBatchSize",
                    "closeSessionTxn.enabled",
                    "watchManagerName",
                    "watcherCleanThreadsNum",
                    "watcherCleanThreshold",
                    "watcherCleanIntervalInSeconds",
                    "maxInProcessingDeadWatchers",
                    "bitHashCacheSize",
                    "maxResponseCacheSize",
                    "maxGetChildrenResponseCacheSize",
                    "commitProcessor.numWorkerThreads",
                    "commitProcessor.shutdownTimeout",
                    "commitProcessor.maxReadBatchSize",
                    "commitProcessor.maxCommitBatchSize",
                    "request_throttler.shutdownTimeout",
                    "metricsProvider.numWorkerThreads",
                    "metricsProvider.maxQueueSize",
                    "metricsProvider.workerShutdownTimeoutMs",
                    "request_throttle_stall_time",
                    "request_stale_connection_check",
                    "connection_throttle_local_session_weight",
                    "jmx.log4j.disable",
                    "reconfigEnabled",
                    "fips-mode");

    /** Known, and without effect so far. */
    private static final Set<String> IGNORED =
            Set.of(
                    "enableEagerACLCheck",
                    "pathStats.enabled",
                    "pathStats.slotCapacity",
                    "pathStats.slotDuration",
                    "pathStats.maxDepth",
                    "pathStats.sampleRate",
                    "pathStats.initialDelay",
                    "pathStats.delay",
                    "pathStats.topPathMax",
                    "jvm.pause.monitor",
                    "jvm.pause.warn-threshold.ms",
                    "jvm.pause.info-threshold.ms",
                    "jvm.pause.sleep.time.ms",
                    "localSessionsEnabled",
                    "localSessionsUpgradingEnabled",
                    "observerMasterPort",
                    "multiAddress.reachabilityCheckEnabled",
                    "multiAddress.reachabilityCheckTimeoutMs",
                    "oraclePath",
                    "emulate353TTLNodes",
                    "messageTracker.Enabled",
                    "messageTracker.BufferSize",
                    "superUser",
                    "X509AuthenticationProvider.superUser",
                    "IPAuthenticationProvider.usexforwardedfor",
                    "allowSaslFailedClients",
                    "sasl.serverconfig",
                    "kerberos.removeHostFromPrincipal",
                    "kerberos.removeRealmFromPrincipal",
                    "admin.enableServer",
                    "admin.serverAddress",
                    "admin.serverPort",
                    "admin.idleTimeout",
                    "admin.commandURL",
                    "admin.portUnification",
                    "admin.forceHttps",
                    "admin.needClientAuth",
                    "admin.rateLimiterIntervalInMS",
                    "admin.snapshot.enabled",
                    "admin.restore.enabled",
                    "controllerPort");

    /** To go on without them would mean another ensemble, or less safety, than was asked for. */
    private static final Set<String> REFUSED =
            Set.of(
                    "secureClientPort",
                    "secureClientPortAddress",
                    "client.portUnification",
                    "sslQuorum",
                    "portUnification",
                    "sessionRequireClientSASLAuth",
                    "requireKerberosConfig",
                    "ensembleAuthName",
                    "quorum.auth.enableSasl",
                    "quorum.auth.serverRequireSasl",
                    "quorum.auth.learnerRequireSasl");

    private static final Pattern MEMBER = Pattern.compile("(server\\..+|group.*|weight.*)");
    private static final Pattern FAMILY_IGNORED =
            Pattern.compile("(admin|metricsProvider|superUser|jvm\\.pause|pathStats)\\..+");
    private static final Pattern FAMILY_REFUSED = Pattern.compile("ssl\\..+");

    private KnownKeys() {}

    /** What this server makes of {@code key} with this value; null where nobody knows the key. */
    static @Nullable Use use(String key, String value) {
        if (bare(key).startsWith(AuthKeys.PROVIDER)) {
            return AuthKeys.isHarmless(value) ? Use.IGNORED : Use.HONOURED;
        }
        return use(key);
    }

    private static @Nullable Use use(String key) {
        String bare = bare(key);
        if (HONOURED.contains(bare)) {
            return Use.HONOURED;
        }
        if (POINTLESS.contains(bare)) {
            return Use.POINTLESS;
        }
        if (REFUSED.contains(bare) || FAMILY_REFUSED.matcher(bare).matches()) {
            return Use.REFUSED;
        }
        if (IGNORED.contains(bare) || FAMILY_IGNORED.matcher(bare).matches()) {
            return Use.IGNORED;
        }
        return null;
    }

    /** Whether {@code key} speaks of the members of an ensemble. */
    static boolean isMember(String key) {
        return MEMBER.matcher(key).matches();
    }

    /** The key without the prefix that its system property bears. */
    static String bare(String key) {
        return key.startsWith("zookeeper.") ? key.substring("zookeeper.".length()) : key;
    }

    /** The known key that looks most like {@code key}. */
    static String nearest(String key) {
        Set<String> all = new TreeSet<>();
        for (Set<String> some : List.of(HONOURED, POINTLESS, IGNORED, REFUSED)) {
            all.addAll(some);
        }
        String wanted = key.toLowerCase(Locale.ROOT);
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String known : all) {
            int distance = distance(wanted, known.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        return nearest;
    }

    /** How many characters have to be added, removed or replaced to make {@code b} of {@code a}. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
