package vivarium.properties.differential;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line of the comparison: two servers that run somewhere, for as long as wanted. */
public final class Compare {

    private static final int SAME = 0;
    private static final int DIFFERENT = 1;
    private static final int WRONG_USE = 2;
    private static final int UNREACHABLE = 3;

    private static final String USAGE =
            """
            Holds the same conversations with two ZooKeeper servers, or with two ensembles, and compares every
            answer and event.

            usage: properties/compare SERVER SERVER [--minutes N] [--seed S] [--super USER:PASSWORD]

              SERVER                 HOST:PORT, the client port; the second is compared with the first. Or those
                                     of several servers of one ensemble, between commas, both times: clients
                                     are at several of them then, and sessions move from one to the next
              --minutes N            how long, 1 unless given; a fraction is possible
              --seed S               which conversations, a number; a fresh one unless given
              --super USER:PASSWORD  the super user of both, to see all that a conversation leaves behind

            Both servers need the same configuration in what clients see: tickTime, the bounds of session
            time-outs, extendedTypesEnabled, enforceQuota, digest algorithm. What a conversation makes is
            removed behind it, as far as its access lists permit.

            Ends with 0 if all was the same, 1 with the first difference on standard output, 2 for a
            command line that cannot be, 3 if a server cannot be reached.\
            """;

    private Compare() {}

    private static final class WrongUseException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUseException(String message) {
            super(message);
        }
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /** What the process ends with. */
    static int run(List<String> args, PrintStream out, PrintStream err) {
        try {
            return compare(args, out);
        } catch (WrongUseException e) {
            err.println(e.getMessage());
            err.println("properties/compare --help says more");
            return WRONG_USE;
        } catch (IOException e) {
            err.println("a server cannot be talked to: " + e.getMessage());
            return UNREACHABLE;
        }
    }

    private static int compare(List<String> args, PrintStream out)
            throws WrongUseException, IOException {
        if (args.contains("--help")) {
            out.println(USAGE);
            return SAME;
        }
        var addresses = new ArrayList<String>();
        double minutes = 1;
        long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
        String superUser = "";
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "--minutes" -> minutes = minutes(value(args, i++));
                case "--seed" -> seed = seed(value(args, i++));
                case "--super" -> superUser = value(args, i++);
                default -> {
                    if (arg.startsWith("-")) {
                        throw new WrongUseException(arg + " is no flag");
                    }
                    addresses.add(arg);
                }
            }
        }
        if (addresses.size() != 2) {
            throw new WrongUseException("two servers are expected, as HOST:PORT HOST:PORT");
        }
        out.println("seed " + seed);
        long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        try (Pair pair = pair(addresses, superUser, seed)) {
            Comparison comparison = new Comparison(pair, seed);
            String difference = comparison.firstDifference(() -> System.nanoTime() < end);
            if (!difference.isEmpty()) {
                out.println(difference);
                return DIFFERENT;
            }
            out.println(
                    comparison.conversations()
                            + " conversations, no difference"
                            + (comparison.seenOnce() == 0
                                    ? ""
                                    : "; of an ensemble one server may trail: "
                                            + comparison.seenOnce()
                                            + " differed once and not when they were repeated"));
            return SAME;
        }
    }

    private static Pair pair(List<String> addresses, String superUser, long seed)
            throws WrongUseException, IOException {
        Side left = new Side(servers(addresses.getFirst()), superUser, false);
        Side right = new Side(servers(addresses.getLast()), superUser, false);
        if (left.hasSeveral() != right.hasSeveral()) {
            throw new WrongUseException("a server is no match for an ensemble, nor the reverse");
        }
        String home = "/compare-" + seed + "-" + Long.toHexString(System.nanoTime());
        return new TwoAddresses(addresses.getFirst(), left, addresses.getLast(), right, home);
    }

    private static String value(List<String> args, int flag) throws WrongUseException {
        if (flag + 1 >= args.size()) {
            throw new WrongUseException(args.get(flag) + " needs a value");
        }
        return args.get(flag + 1);
    }

    private static double minutes(String text) throws WrongUseException {
        try {
            double minutes = Double.parseDouble(text);
            if (minutes > 0 && minutes < 1e6) {
                return minutes;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new WrongUseException("--minutes " + text + ": a number above 0 is expected");
    }

    private static long seed(String text) throws WrongUseException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new WrongUseException("--seed " + text + ": a whole number is expected");
        }
    }

    private static List<InetSocketAddress> servers(String text) throws WrongUseException {
        var servers = new ArrayList<InetSocketAddress>();
        for (String one : text.split(",", -1)) {
            servers.add(address(one));
        }
        return servers;
    }

    private static InetSocketAddress address(String text) throws WrongUseException {
        int colon = text.lastIndexOf(':');
        try {
            int port = colon < 1 ? 0 : Integer.parseInt(text.substring(colon + 1));
            if (port > 0 && port < 1 << 16) {
                return new InetSocketAddress(text.substring(0, colon), port);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new WrongUseException(text + ": HOST:PORT is expected");
    }
}
