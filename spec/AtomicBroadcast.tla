--------------------------- MODULE AtomicBroadcast ---------------------------
(***************************************************************************)
(* What Zab is for: servers deliver one sequence of transactions. No       *)
(* leader, no message, no disk. A server that serves has delivered a       *)
(* beginning of the sequence; it goes only forward, until it serves no     *)
(* more, as after a crash; then it may begin again with less, but what has *)
(* been agreed stays agreed.                                               *)
(***************************************************************************)
EXTENDS Integers, Sequences

CONSTANT Server

VARIABLES
    agreed,    \* the sequence
    delivered  \* how much of it each server shows to its clients; -1 for one that serves nobody

Serving(s) == delivered[s] >= 0

\* More is agreed; somebody may deliver it in the same step, as a leader does.
Agree ==
    /\ Len(agreed') > Len(agreed) /\ SubSeq(agreed', 1, Len(agreed)) = agreed
    /\ \E s \in Server : \A t \in Server \ {s} : delivered'[t] = delivered[t]
    /\ \A s \in Server : delivered'[s] # delivered[s] => delivered'[s] = Len(agreed')

\* A server shows more of what is agreed.
Deliver(s) ==
    /\ Serving(s) /\ delivered'[s] > delivered[s] /\ delivered'[s] <= Len(agreed)
    /\ \A t \in Server \ {s} : delivered'[t] = delivered[t]
    /\ UNCHANGED agreed

\* A server begins to serve, anywhere in the sequence, or stops.
Begin(s) ==
    /\ ~Serving(s) /\ delivered'[s] \in 0..Len(agreed)
    /\ \A t \in Server \ {s} : delivered'[t] = delivered[t]
    /\ UNCHANGED agreed

Stop(s) ==
    /\ Serving(s) /\ delivered'[s] = -1
    /\ \A t \in Server \ {s} : delivered'[t] = delivered[t]
    /\ UNCHANGED agreed

Init == agreed = <<>> /\ delivered = [s \in Server |-> -1]
Next == Agree \/ \E s \in Server : Deliver(s) \/ Begin(s) \/ Stop(s)
Spec == Init /\ [][Next]_<<agreed, delivered>>
=============================================================================
