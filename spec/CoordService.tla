---------------------------- MODULE CoordService -----------------------------
(***************************************************************************)
(* What one client may see of the service. There is one sequence of        *)
(* changes; the client sees a beginning of it that only grows, learns of a *)
(* change of what it watches before it sees anything that is as new, and   *)
(* learns of it once. No servers, no connections.                          *)
(***************************************************************************)
EXTENDS Integers, Sequences

CONSTANT Path

VARIABLES
    agreed,  \* the changes so far: the paths that each concerns
    seen,    \* how many of them the client has seen
    watched  \* watched[p]: how many of them there were in what it saw when it began to watch p; -1: not

\* Whether p has changed behind the first `from` changes, and not behind the first `to`.
Changed(p, from, to) == \E z \in (from + 1)..to : p \in agreed[z]

Agree ==
    /\ \E paths \in SUBSET Path : agreed' = Append(agreed, paths)
    /\ UNCHANGED <<seen, watched>>

\* It sees more, and may begin to watch what it has just seen; nothing that it watches has changed.
See ==
    /\ seen' \in seen..Len(agreed)
    /\ \A p \in Path : watched[p] >= 0 => ~Changed(p, watched[p], seen')
    /\ \/ UNCHANGED watched
       \/ \E p \in Path : watched' = [watched EXCEPT ![p] = seen']
    /\ UNCHANGED agreed

\* It is told that what it watches has changed, and watches it no longer.
Notice ==
    /\ \E p \in Path :
        /\ watched[p] >= 0 /\ Changed(p, watched[p], Len(agreed))
        /\ watched' = [watched EXCEPT ![p] = -1]
    /\ UNCHANGED <<agreed, seen>>

Init == agreed = <<>> /\ seen = 0 /\ watched = [p \in Path |-> -1]
Next == Agree \/ See \/ Notice
Spec == Init /\ [][Next]_<<agreed, seen, watched>>
=============================================================================
