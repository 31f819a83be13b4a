-------------------------------- MODULE Elect --------------------------------
(***************************************************************************)
(* What an election is for, without votes or messages: somebody leads who  *)
(* has a history that is as new as that of a quorum, and is no observer.   *)
(* MCZab lets nobody else lead. Whom the others follow is left open.       *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS Voter, Observer

VARIABLES
    history, \* what each goes by: the epoch of its history, and its last zxid
    leader   \* leader[s]: whom s leads or follows, 0 while it looks

Newer(a, b) == a[1] > b[1] \/ (a[1] = b[1] /\ a[2] > b[2])

Lead(s) ==
    /\ s \in Voter /\ leader[s] = 0
    /\ 2 * Cardinality({v \in Voter : ~Newer(history[v], history[s])}) > Cardinality(Voter)
    /\ leader' = [leader EXCEPT ![s] = s]
    /\ UNCHANGED history

Follow(s, l) ==
    /\ l \in Voter \ {s} /\ leader[s] = 0
    /\ leader' = [leader EXCEPT ![s] = l]
    /\ UNCHANGED history

GiveUp(s) == leader[s] # 0 /\ leader' = [leader EXCEPT ![s] = 0] /\ UNCHANGED history

Init == leader = [s \in Voter \cup Observer |-> 0]
Next ==
    \E s \in Voter \cup Observer : Lead(s) \/ GiveUp(s) \/ \E l \in Voter : Follow(s, l)
Spec == Init /\ [][Next]_<<history, leader>>
=============================================================================
