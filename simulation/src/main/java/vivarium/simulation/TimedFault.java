package vivarium.simulation;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fault and its time, in microseconds since the beginning of the run. */
public record TimedFault(long micros, Fault fault) {
    /** What faults are called, with how many numbers each has. */
    public static final List<String> NAMES =
            List.of(
                    "kill",
                    "power-cut",
                    "pause",
                    "slow-disk",
                    "full-disk",
                    "failed-force",
                    "block",
                    "isolate",
                    "slow-link",
                    "reset",
                    "clock-jump",
                    "lose-disk",
                    "rot");

    /** As one line of a scenario. */
    public String text() {
        StringBuilder line = new StringBuilder().append(micros).append(' ').append(fault.name());
        for (long number : fault.numbers()) {
            line.append(' ').append(number);
        }
        return line.toString();
    }

    /**
     * Reads what {@link #text} has written.
     *
     * @return null if it is no such line
     */
    public static @Nullable TimedFault parse(String line) {
        String[] words = line.strip().split(" +", -1);
        if (words.length < 2) {
            return null;
        }
        long[] numbers = new long[words.length];
        try {
            for (int i = 0; i < words.length; i++) {
                numbers[i] = i == 1 ? 0 : Long.parseLong(words[i]);
            }
        } catch (NumberFormatException _) {
            return null;
        }
        Fault fault = fault(words[1], Arrays.copyOfRange(numbers, 2, numbers.length));
        return fault == null || numbers[0] < 0 ? null : new TimedFault(numbers[0], fault);
    }

    private static @Nullable Fault fault(String name, long[] n) {
        return switch (name + " " + n.length) {
            case "kill 2" -> new Fault.Crash(n[0], false, n[1]);
            case "power-cut 2" -> new Fault.Crash(n[0], true, n[1]);
            case "pause 2" -> new Fault.Pause(n[0], n[1]);
            case "slow-disk 3" -> new Fault.SlowDisk(n[0], n[1], n[2]);
            case "full-disk 2" -> new Fault.FullDisk(n[0], n[1]);
            case "failed-force 1" -> new Fault.FailedForce(n[0]);
            case "block 3" -> new Fault.Block(n[0], n[1], n[2]);
            case "isolate 2" -> new Fault.Isolate(n[0], n[1]);
            case "slow-link 3" -> new Fault.SlowLink(n[0], n[1], n[2]);
            case "reset 2" -> new Fault.Reset(n[0], n[1]);
            case "clock-jump 2" -> new Fault.ClockJump(n[0], n[1]);
            case "lose-disk 2" -> new Fault.LoseDisk(n[0], n[1]);
            case "rot 1" -> new Fault.BitRot(n[0]);
            default -> null;
        };
    }
}
