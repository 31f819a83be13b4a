----------------------------- MODULE ReplayTree ------------------------------
(***************************************************************************)
(* Tree in the steps that a driver of the core's own tree can take with    *)
(* it, and what of a state such a driver can see: see ReplayZab.           *)
(***************************************************************************)
EXTENDS MCTree

\* What a driver calls the requests.
Named ==
    [create |-> Create(A, Nobody), createEphemeral |-> Create(A, Session),
     createBelow |-> Create(AB, Nobody), createEphemeralBelow |-> Create(AB, Session),
     delete |-> Delete(A), deleteBelow |-> Delete(AB), set |-> Set0(A),
     createSequential |-> [kind |-> "CREATE_SEQUENTIAL", path |-> Root, owner |-> Session],
     close |-> [kind |-> "CLOSE", owner |-> Session],
     createBoth |-> [kind |-> "MULTI", parts |-> <<Create(A, Nobody), Create(AB, Session)>>],
     deleteAndSet |-> [kind |-> "MULTI", parts |-> <<Delete(AB), Set0(A)>>]]
ASSUME {Named[name] : name \in DOMAIN Named} = Requests

AskFor(name) == name \in DOMAIN Named /\ Ask(Named[name])

ReplayNext == Commit \/ \E name \in DOMAIN Named : AskFor(name)
ReplaySpec == Init /\ [][ReplayNext]_<<asked, log, com>>

-----------------------------------------------------------------------------

\* Names that the leader made up: the core counts what was created, and the specification what came
\* and went, so that they are compared by their order.
MadeUp == {i \in 1..Len(log) : asked[i].kind = "CREATE_SEQUENTIAL" /\ log[i] # Failure}
Rank(p) ==
    LET first == CHOOSE i \in MadeUp : log[i].path = p /\ \A j \in MadeUp : log[j].path = p => i <= j
    IN  <<Sequential + Cardinality({j \in MadeUp : j <= first})>>
Called(p) == IF Len(p) = 1 /\ p[1] >= Sequential THEN Rank(p) ELSE p

RECURSIVE TxnSeen(_)
TxnSeen(txn) ==
    CASE txn.kind = "MULTI" -> [txn EXCEPT !.parts = [i \in DOMAIN @ |-> TxnSeen(@[i])]]
      [] txn.kind = "CLOSE" -> [txn EXCEPT !.paths = {Called(p) : p \in @}]
      [] txn.kind = "FAILURE" -> txn
      [] OTHER -> [txn EXCEPT !.path = Called(@)]

Znodes == {[path |-> Called(p), stat |-> Tree[p]] : p \in DOMAIN Tree}

Peers == <<Znodes>>
Around == [log |-> [i \in DOMAIN log |-> TxnSeen(log[i])], com |-> com]
Roles == <<{}, {}, Nobody>>
=============================================================================
