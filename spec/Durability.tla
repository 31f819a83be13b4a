----------------------------- MODULE Durability ------------------------------
(***************************************************************************)
(* What Zab takes a disk for: a history of which a beginning is durable,   *)
(* cuts and replacements that take effect some time after they were asked  *)
(* for, and crashes that may take back what is not confirmed. Zab's action *)
(* Start lets exactly this survive.                                        *)
(***************************************************************************)
EXTENDS Integers, Sequences

VARIABLES
    log,     \* the history, newest last
    durable, \* how much of it is confirmed
    cutting, \* behind how many entries it is being cut, -1 for nowhere
    instead  \* while another history takes its place: the old one, and how much of that was durable

Nothing == [log |-> <<>>, durable |-> -1]
IsSettled == cutting < 0 /\ instead = Nothing
Prefixes(seq, least) == {SubSeq(seq, 1, n) : n \in least..Len(seq)}

Append1 ==
    /\ IsSettled /\ Len(log') = Len(log) + 1 /\ SubSeq(log', 1, Len(log)) = log
    /\ UNCHANGED <<durable, cutting, instead>>

Confirm ==
    /\ IsSettled /\ durable' > durable /\ durable' <= Len(log)
    /\ UNCHANGED <<log, cutting, instead>>

BeginCut ==
    /\ IsSettled /\ cutting' \in 0..Len(log)
    /\ UNCHANGED <<log, durable, instead>>

EndCut ==
    /\ cutting >= 0 /\ log' = SubSeq(log, 1, cutting) /\ durable' = cutting /\ cutting' = -1
    /\ UNCHANGED instead

BeginInstall ==
    /\ IsSettled /\ instead' = [log |-> log, durable |-> durable]
    /\ durable' = Len(log')
    /\ UNCHANGED cutting

EndInstall ==
    /\ instead # Nothing /\ instead' = Nothing
    /\ UNCHANGED <<log, durable, cutting>>

\* A crash, and what is read after it.
Crash ==
    /\ log' \in
        IF cutting >= 0 THEN Prefixes(log, IF durable < cutting THEN durable ELSE cutting)
        ELSE IF instead # Nothing THEN {log} \cup Prefixes(instead.log, instead.durable)
        ELSE Prefixes(log, durable)
    /\ durable' = Len(log') /\ cutting' = -1 /\ instead' = Nothing

Init == log = <<>> /\ durable = 0 /\ cutting = -1 /\ instead = Nothing
Next == Append1 \/ Confirm \/ BeginCut \/ EndCut \/ BeginInstall \/ EndInstall \/ Crash
Spec == Init /\ [][Next]_<<log, durable, cutting, instead>>
=============================================================================
