package vivarium.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Ensemble;
import vivarium.net.Member;

/**
 * The members of the ensemble, as the lines {@code server.N} list them, and which of them this
 * server is, as its file {@code myid} says.
 *
 * @param self this server's id
 * @param lines every member, by ascending id; empty for a server that is alone
 * @param version which configuration of the ensemble this is, 0 for one that was never changed
 */
record EnsembleLines(long self, List<ServerLine> lines, long version) {
    /** What a server is called that has no id of its own. */
    private static final long NAMELESS = 1;

    /**
     * Reads all that is said of members.
     *
     * @param dataDir where {@code myid} is
     * @throws ConfigException if it makes no ensemble
     */
    static EnsembleLines of(ConfigValues values, Path dataDir) throws ConfigException {
        long version = includeDynamic(values);
        Map<Long, ServerLine> lines = new TreeMap<>();
        @Nullable String firstKey = null;
        for (String key : values.keys()) {
            if (!KnownKeys.isMember(key)) {
                continue;
            }
            ConfigValues.Value value = values.require(key, "");
            if (!key.startsWith("server.")) {
                throw ConfigValues.wrong(
                        key,
                        value,
                        "groups and weights are not supported so far: every vote counts the same");
            }
            ServerLine line = ServerLine.parse(key, value);
            firstKey = firstKey == null ? key : firstKey;
            if (lines.put(line.member().sid(), line) != null) {
                throw ConfigValues.wrong(key, value, "this server is listed already");
            }
        }
        if (firstKey == null) {
            requireVote(values);
            return new EnsembleLines(NAMELESS, List.of(), 0);
        }
        ConfigValues.Value first = values.require(firstKey, "");
        return ensemble(values, dataDir, new ArrayList<>(lines.values()), version, first);
    }

    private static EnsembleLines ensemble(
            ConfigValues values,
            Path dataDir,
            List<ServerLine> lines,
            long version,
            ConfigValues.Value first)
            throws ConfigException {
        List<ServerLine> voters = lines.stream().filter(line -> line.member().voter()).toList();
        if (voters.isEmpty()) {
            throw new ConfigException(
                    first.origin() + ": all servers are observers, so nobody could lead", null);
        }
        boolean aloneAllowed = values.flag("standaloneEnabled", true);
        if (voters.size() == 1 && aloneAllowed) {
            if (lines.size() > 1) {
                throw new ConfigException(
                        first.origin()
                                + ": observers need an ensemble, but there is only one participant;"
                                + " set standaloneEnabled=false for an ensemble of one",
                        null);
            }
            values.warn(first.origin() + ": only one server is listed; it is alone");
            return new EnsembleLines(NAMELESS, List.of(), 0);
        }
        if (voters.size() % 2 == 0) {
            values.warn(
                    first.origin()
                            + ": "
                            + voters.size()
                            + " participants survive the loss of no more servers than "
                            + (voters.size() - 1)
                            + " do");
        }
        long self = myid(dataDir);
        ServerLine own = null;
        for (ServerLine line : lines) {
            own = line.member().sid() == self ? line : own;
        }
        if (own == null) {
            throw new ConfigException(
                    dataDir.resolve("myid")
                            + ": "
                            + self
                            + ": there is no server."
                            + self
                            + " among the servers listed, as in "
                            + first.origin(),
                    null);
        }
        checkRole(values, own);
        return new EnsembleLines(self, lines, version);
    }

    /** A line of its own may say the role too; the list counts, as with ZooKeeper. */
    private static void checkRole(ConfigValues values, ServerLine own) throws ConfigException {
        ConfigValues.Value role = values.find("peerType");
        if (role == null) {
            return;
        }
        boolean observer = role.text().equalsIgnoreCase("observer");
        if (!observer && !role.text().equalsIgnoreCase("participant")) {
            throw ConfigValues.wrong("peerType", role, "participant or observer is expected");
        }
        if (observer == own.member().voter()) {
            values.warn(
                    role.origin()
                            + ": peerType="
                            + role.text()
                            + " does not fit the line server."
                            + own.member().sid()
                            + ", which counts");
        }
    }

    /** An observer without an ensemble would wait for ever. */
    private static void requireVote(ConfigValues values) throws ConfigException {
        ConfigValues.Value role = values.find("peerType");
        if (role != null && role.text().equalsIgnoreCase("observer")) {
            throw ConfigValues.wrong("peerType", role, "a server that is alone can't observe");
        }
    }

    private static long myid(Path dataDir) throws ConfigException {
        Path file = dataDir.resolve("myid");
        String text;
        try {
            text = Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new ConfigException(
                    file
                            + " can't be read ("
                            + e
                            + "): servers are listed, so it must say which of them this one is",
                    e);
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    file + ":1: '" + text + "': the id of this server is expected, a number", e);
        }
    }

    /** Adds the lines of the file that lists the servers, if there is one; its version. */
    private static long includeDynamic(ConfigValues values) throws ConfigException {
        ConfigValues.Value name = values.find("dynamicConfigFile");
        if (name == null) {
            return 0;
        }
        for (String key : values.keys()) {
            if (KnownKeys.isMember(key)) {
                throw ConfigValues.wrong(
                        key,
                        values.require(key, ""),
                        "servers are listed in dynamicConfigFile="
                                + name.text()
                                + " or here, but"
                                + " not in both");
            }
        }
        Path file = Path.of(name.text());
        long version = versionOf(file);
        for (ConfigFile.Entry entry : ConfigFile.read(file)) {
            if (entry.key().equals("version")) {
                version = hex(file, entry);
            } else if (KnownKeys.isMember(entry.key())) {
                values.set(entry.key(), entry.value(), file + ":" + entry.line());
            } else {
                throw new ConfigException(
                        file
                                + ":"
                                + entry.line()
                                + ": "
                                + entry.key()
                                + ": only servers can be listed in this file",
                        null);
            }
        }
        return version;
    }

    private static long hex(Path file, ConfigFile.Entry entry) throws ConfigException {
        try {
            return Long.parseUnsignedLong(entry.value(), 16);
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    file
                            + ":"
                            + entry.line()
                            + ": version="
                            + entry.value()
                            + ": a hexadecimal number is expected",
                    e);
        }
    }

    /** ZooKeeper calls the file {@code zoo.cfg.dynamic.<version>}. */
    private static long versionOf(Path file) {
        String name = file.toString();
        int mark = name.lastIndexOf(".dynamic.");
        try {
            return mark < 0 ? 0 : Long.parseUnsignedLong(name.substring(mark + 9), 16);
        } catch (NumberFormatException _) {
            return 0; // a name that someone has chosen
        }
    }

    /** Whether nobody else is listed. */
    boolean isAlone() {
        return lines.isEmpty();
    }

    /** This server's own line; null for a server that is alone. */
    @Nullable ServerLine own() {
        for (ServerLine line : lines) {
            if (line.member().sid() == self) {
                return line;
            }
        }
        return null;
    }

    Ensemble ensemble() {
        if (isAlone()) {
            return Ensemble.alone(NAMELESS);
        }
        List<Long> voters = new ArrayList<>();
        List<Long> observers = new ArrayList<>();
        for (Member member : members()) {
            (member.voter() ? voters : observers).add(member.sid());
        }
        return new Ensemble(self, voters, observers, Bytes.utf8(text()));
    }

    List<Member> members() {
        return lines.stream().map(ServerLine::member).toList();
    }

    /** As ZooKeeper writes it down, and its servers tell each other. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (ServerLine line : lines) {
            text.append(line.canonical()).append('\n');
        }
        return text.append("version=").append(Long.toHexString(version)).toString();
    }
}
