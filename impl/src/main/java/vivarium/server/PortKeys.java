package vivarium.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.AclSchemes;
import vivarium.net.AdmissionSettings;
import vivarium.net.PortSettings;
import vivarium.net.RequestLimits;

/** Those keys of {@code zoo.cfg} that say how clients are served. */
final class PortKeys {
    private static final int MOST = Integer.MAX_VALUE;

    /** By what a client of this server can prove who it is. */
    private static final List<String> SCHEMES = List.of("ip", "digest", "super");

    private final ConfigValues values;

    private PortKeys(ConfigValues values) {
        this.values = values;
    }

    /**
     * @param maxFrameBytes the longest request
     * @param schemes the operator's own
     */
    static PortSettings of(
            ConfigValues values, EnsembleLines lines, int maxFrameBytes, AclSchemes schemes)
            throws ConfigException {
        PortKeys keys = new PortKeys(values);
        return new PortSettings(
                keys.clientAddress(lines.own()),
                values.integer("clientPortListenBacklog", -1, -1, MOST),
                maxFrameBytes,
                values.integer("maxClientCnxns", 60, 0, MOST),
                values.integer("maxCnxns", 0, 0, MOST),
                values.integer("nio.sessionlessCnxnTimeout", 10_000, 1, MOST),
                values.flag("clientTcpKeepAlive", false),
                values.flag("leaderServes", true) || lines.isAlone(),
                keys.requests(),
                keys.admission(),
                keys.requiredSchemes(schemes));
    }

    /** The port for clients stands for itself, or in the line of this server; or in both. */
    private InetSocketAddress clientAddress(@Nullable ServerLine own) throws ConfigException {
        ConfigValues.Value set = values.find("clientPort");
        int port = values.integer("clientPort", Config.USUAL_PORT, 0, 65535);
        InetAddress host = values.address("clientPortAddress");
        if (own == null || own.clientPort() < 0) {
            return host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        }
        String key = "server." + own.member().sid();
        if (set != null && port != own.clientPort()) {
            throw ConfigValues.wrong(
                    "clientPort",
                    set,
                    "the line " + key + " says " + own.clientPort() + "; one of the two has to go");
        }
        if (own.clientHost() == null) {
            return host == null
                    ? new InetSocketAddress(own.clientPort())
                    : new InetSocketAddress(host, own.clientPort());
        }
        InetSocketAddress address = new InetSocketAddress(own.clientHost(), own.clientPort());
        if (address.isUnresolved()) {
            throw ConfigValues.wrong(
                    key, values.require(key, ""), own.clientHost() + " is not an address of ours");
        }
        return address;
    }

    private RequestLimits requests() throws ConfigException {
        // The file's name for it and the system property's: ZooKeeper knows both.
        int limit = values.integer("request_throttle_max_requests", 0, 0, MOST);
        return new RequestLimits(
                values.integer("requestThrottleLimit", limit, 0, MOST),
                values.flag("request_throttle_drop_stale", true)
                        && values.flag("request_stale_latency_check", false),
                values.integer("throttled_op_wait_time", 0, 0, MOST),
                values.integer("largeRequestThreshold", -1, -1, MOST),
                values.integer("largeRequestMaxBytes", 100 << 20, 1, MOST));
    }

    private AdmissionSettings admission() throws ConfigException {
        AdmissionSettings preset = AdmissionSettings.DEFAULT;
        return new AdmissionSettings(
                values.integer("connection_throttle_tokens", preset.tokens(), 0, MOST),
                values.integer("connection_throttle_fill_time", preset.fillMillis(), 1, MOST),
                values.integer("connection_throttle_fill_count", preset.fillCount(), 0, MOST),
                values.integer("connection_throttle_freeze_time", preset.freezeMillis(), -1, MOST),
                values.ratio("connection_throttle_drop_increase", preset.dropIncrease()),
                values.ratio("connection_throttle_drop_decrease", preset.dropDecrease()),
                values.ratio("connection_throttle_decrease_ratio", preset.decreaseRatio()),
                values.flag("connection_throttle_weight_enabled", preset.weighted()),
                values.integer(
                        "connection_throttle_global_session_weight", preset.newWeight(), 1, MOST),
                values.integer(
                        "connection_throttle_renew_session_weight", preset.renewWeight(), 1, MOST));
    }

    private List<String> requiredSchemes(AclSchemes own) throws ConfigException {
        if (!values.flag("enforce.auth.enabled", false)) {
            return List.of();
        }
        String key = "enforce.auth.schemes";
        ConfigValues.Value value =
                values.require(key, "enforce.auth.enabled=true needs it, as in digest");
        List<String> schemes = new ArrayList<>();
        for (String scheme : value.text().split(",", -1)) {
            if (!SCHEMES.contains(scheme.strip()) && !own.has(scheme.strip())) {
                throw ConfigValues.wrong(
                        key,
                        value,
                        "some of " + SCHEMES + " are expected, or a scheme of an authProvider");
            }
            schemes.add(scheme.strip());
        }
        return schemes;
    }
}
