package vivarium.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tlc2.tool.Action;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.impl.FastTool;
import tlc2.util.Context;
import tlc2.util.FP64;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.SimpleFilenameToStream;

/**
 * ReplayZab, or another module of the same form, as TLC evaluates it, state by state.
 *
 * <p>All in a process have to be of the same module: TLC keeps what it knows in statics.
 */
final class Model {
    /** The parameters of each action, as the module names them, in the order of a step's words. */
    private static final Map<String, List<String>> PARAMETERS =
            Map.ofEntries(
                    Map.entry("MCLead", List.of("s")),
                    Map.entry("LosePatience", List.of("s")),
                    Map.entry("Tire", List.of("s")),
                    Map.entry("Propose", List.of("l")),
                    Map.entry("AcceptedEpochSaved", List.of("s")),
                    Map.entry("CurrentEpochSaved", List.of("s")),
                    Map.entry("Reloaded", List.of("s")),
                    Map.entry("SnapshotSaved", List.of("s")),
                    Map.entry("Durable", List.of("s", "n")),
                    Map.entry("Forced", List.of("s", "n")),
                    Map.entry("MCLearn", List.of("s", "t")),
                    Map.entry("Restart", List.of("s", "keep", "done", "old")),
                    Map.entry("MCFollow", List.of("s", "l")),
                    Map.entry("Break", List.of("s", "t")),
                    Map.entry("OnLinkDown", List.of("s", "t")),
                    Map.entry("On", List.of("s", "t")),
                    Map.entry("Confirm", List.of("l", "s")),
                    Map.entry("LogRead", List.of("l", "s")),
                    Map.entry("SnapshotBegins", List.of("l", "s")),
                    Map.entry("Start", List.of("s")),
                    Map.entry("Stop", List.of("s")),
                    Map.entry("SettleAtOnce", List.of("s")),
                    Map.entry("SettleLate", List.of("s")),
                    Map.entry("Tells", List.of("s")),
                    Map.entry("GiveUp", List.of("s")),
                    Map.entry("OnNotification", List.of("s", "t")),
                    Map.entry("Lose", List.of("s", "t")),
                    Map.entry("AskFor", List.of("name")),
                    Map.entry("Commit", List.of()),
                    Map.entry("Agree", List.of("p")),
                    Map.entry("Ask", List.of("p")),
                    Map.entry("Apply", List.of("s")),
                    Map.entry("Connect", List.of("s")),
                    Map.entry("Answer", List.of()),
                    Map.entry("Hear", List.of()),
                    Map.entry("FireLate", List.of()),
                    Map.entry("ArmLate", List.of()),
                    Map.entry("Leaves", List.of()));

    private final FastTool tool;
    private final Action[] actions;
    private final String[] names;
    private final ValueText texts;

    /**
     * A step to another state.
     *
     * @param name an action with its parameters, in words with blanks between
     * @param within whether that state is within the bounds
     */
    record Step(String name, TLCState after, boolean within) {}

    /**
     * @param module its file
     * @param configuration its file
     */
    Model(String module, String configuration) {
        FP64.Init();
        tool =
                new FastTool(
                        module.replaceFirst("\\.tla$", ""),
                        configuration.replaceFirst("\\.cfg$", ""),
                        new SimpleFilenameToStream());
        TupleValue roles = (TupleValue) value("Roles", initial().getFirst()).toTuple();
        texts = new ValueText(roles.elems[0], roles.elems[1], roles.elems[2]);
        actions = tool.getActions();
        names = new String[actions.length];
        for (int i = 0; i < actions.length; i++) {
            names[i] = name(actions[i]);
        }
    }

    private String name(Action action) {
        String called = action.getName().toString();
        List<String> parameters = PARAMETERS.get(called);
        if (parameters == null) {
            throw new IllegalStateException("nobody knows the parameters of " + called);
        }
        StringBuilder name = new StringBuilder(called);
        for (String parameter : parameters) {
            Object bound =
                    action.con.lookup(symbol -> symbol.getName().toString().equals(parameter));
            if (!(bound instanceof Value value)) {
                throw new IllegalStateException(called + " has no " + parameter);
            }
            name.append(' ').append(texts.of(value));
        }
        return name.toString();
    }

    /** Where it may begin. */
    List<TLCState> initial() {
        List<TLCState> states = new ArrayList<>();
        StateVec found = tool.getInitStates();
        for (int i = 0; i < found.size(); i++) {
            states.add(found.elementAt(i));
        }
        return states;
    }

    /** All steps from a state, also those that leave the bounds. */
    List<Step> steps(TLCState state) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < actions.length; i++) {
            StateVec next = tool.getNextStates(actions[i], state);
            for (int j = 0; j < next.size(); j++) {
                TLCState after = next.elementAt(j);
                if (tool.isInActions(state, after)) {
                    steps.add(new Step(names[i], after, tool.isInModel(after)));
                }
            }
        }
        return steps;
    }

    /** The value of one of the module's definitions that has no parameters. */
    Value value(String definition, TLCState state) {
        return (Value)
                tool.eval(
                        tool.getRootModule().getOpDef(definition).getBody(), Context.Empty, state);
    }

    /** How its values are written. */
    ValueText texts() {
        return texts;
    }
}
