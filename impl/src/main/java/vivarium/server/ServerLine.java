package vivarium.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import vivarium.net.Member;

/**
 * What a line {@code server.N=host:2888:3888[:role][|host:2888:3888[:role]]...[;[host:]2181]} says.
 *
 * @param clientHost where it listens for clients, null where the line does not say
 * @param clientPort the port for clients, -1 where the line does not say
 */
record ServerLine(Member member, @Nullable String clientHost, int clientPort) {
    private static final String FORM =
            "host:quorumPort:electionPort[:participant|:observer][;[host:]clientPort] is expected";

    /**
     * Reads one line.
     *
     * @throws ConfigException if it says something else
     */
    static ServerLine parse(String key, ConfigValues.Value value) throws ConfigException {
        String[] sides = value.text().split(";", -1);
        if (sides.length > 2) {
            throw ConfigValues.wrong(key, value, FORM);
        }
        List<Member.Address> addresses = new ArrayList<>();
        Boolean voter = null;
        for (String one : sides[0].split("\\|", -1)) {
            List<String> parts = split(key, value, one.strip());
            if (parts.size() != 3 && parts.size() != 4) {
                throw ConfigValues.wrong(key, value, FORM);
            }
            boolean votes = parts.size() == 3 || role(key, value, parts.get(3));
            if (voter != null && voter != votes) {
                throw ConfigValues.wrong(key, value, "all addresses must have the same role");
            }
            voter = votes;
            int quorumPort = port(key, value, parts.get(1));
            int electionPort = port(key, value, parts.get(2));
            if (quorumPort == electionPort) {
                throw ConfigValues.wrong(
                        key, value, "the port of the quorum and that of the election must differ");
            }
            addresses.add(new Member.Address(parts.get(0), quorumPort, electionPort));
        }
        Member member = new Member(sid(key, value), !Boolean.FALSE.equals(voter), addresses);
        if (sides.length == 1) {
            return new ServerLine(member, null, -1);
        }
        List<String> client = split(key, value, sides[1].strip());
        return switch (client.size()) {
            case 1 -> new ServerLine(member, null, port(key, value, client.get(0)));
            case 2 -> new ServerLine(member, client.get(0), port(key, value, client.get(1)));
            default -> throw ConfigValues.wrong(key, value, FORM);
        };
    }

    private static long sid(String key, ConfigValues.Value value) throws ConfigException {
        try {
            long sid = Long.parseLong(KnownKeys.bare(key).substring("server.".length()).strip());
            if (sid >= 0 && sid <= LARGEST_SID) {
                return sid;
            }
        } catch (NumberFormatException e) {
            throw ConfigValues.wrong(
                    key, value, "a number is expected behind server., as in server.1", e);
        }
        throw ConfigValues.wrong(key, value, "ids go from 0 to " + LARGEST_SID);
    }

    /** An id is a part of the ids of the sessions that the server gives, and has eight bits. */
    static final long LARGEST_SID = 255;

    private static boolean role(String key, ConfigValues.Value value, String role)
            throws ConfigException {
        return switch (role.strip().toLowerCase(Locale.ROOT)) {
            case "participant" -> true;
            case "observer" -> false;
            default ->
                    throw ConfigValues.wrong(
                            key,
                            value,
                            "a server is a participant or an observer, not '" + role + "'");
        };
    }

    private static int port(String key, ConfigValues.Value value, String text)
            throws ConfigException {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw ConfigValues.wrong(key, value, "'" + text + "' is no port; " + FORM, e);
        }
        throw ConfigValues.wrong(key, value, "ports go from 0 to 65535");
    }

    /** Parts between colons; an address with colons of its own stands in brackets. */
    private static List<String> split(String key, ConfigValues.Value value, String text)
            throws ConfigException {
        List<String> parts = new ArrayList<>();
        String rest = text;
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0 || end + 1 >= rest.length() || rest.charAt(end + 1) != ':') {
                throw ConfigValues.wrong(key, value, "a ']' and a ':' are expected; " + FORM);
            }
            parts.add(rest.substring(1, end));
            rest = rest.substring(end + 2);
        }
        for (String part : rest.split(":", -1)) {
            if (part.isBlank()) {
                throw ConfigValues.wrong(key, value, "a part between colons is empty; " + FORM);
            }
            parts.add(part.strip());
        }
        return parts;
    }

    /** As ZooKeeper writes it down. */
    String canonical() {
        StringBuilder text = new StringBuilder("server.").append(member.sid()).append('=');
        String separator = "";
        for (Member.Address address : member.addresses()) {
            text.append(separator)
                    .append(address.bracketed())
                    .append(':')
                    .append(address.quorumPort())
                    .append(':')
                    .append(address.electionPort());
            separator = "|";
        }
        text.append(member.voter() ? ":participant" : ":observer");
        if (clientPort >= 0) {
            String host = clientHost == null ? "0.0.0.0" : clientHost;
            text.append(';')
                    .append(host.contains(":") ? "[" + host + "]" : host)
                    .append(':')
                    .append(clientPort);
        }
        return text.toString();
    }
}
