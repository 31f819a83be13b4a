------------------------------- MODULE MCTree --------------------------------
(* A leader that takes requests faster than they are committed.               *)
EXTENDS Tree, TLC

CONSTANTS MaxRequests, Mistake

VARIABLES
    asked, \* the requests, in order
    log,   \* what was made of each
    com    \* how many of them are committed

A == <<1>>
AB == <<1, 2>>
Session == 7
Create(p, owner) == [kind |-> "CREATE", path |-> p, owner |-> owner]
Delete(p) == [kind |-> "DELETE", path |-> p, version |-> -1]
Set0(p) == [kind |-> "SET", path |-> p, version |-> 0]
Requests ==
    {Create(A, Nobody), Create(AB, Session), Create(AB, Nobody), Delete(A), Delete(AB), Set0(A), Create(A, Session),
     [kind |-> "CREATE_SEQUENTIAL", path |-> Root, owner |-> Session],
     [kind |-> "CLOSE", owner |-> Session],
     [kind |-> "MULTI", parts |-> <<Create(A, Nobody), Create(AB, Session)>>],
     [kind |-> "MULTI", parts |-> <<Delete(AB), Set0(A)>>]}

TreeAt(n) == ApplyAll(log, n)
Seen == TreeAt(IF Mistake = "seesCommittedOnly" THEN com ELSE Len(log))

Ask(r) ==
    /\ Len(log) < MaxRequests
    /\ asked' = Append(asked, r)
    /\ log' = Append(log, Prepare(Seen, r, Len(log) + 1))
    /\ UNCHANGED com
Commit == com < Len(log) /\ com' = com + 1 /\ UNCHANGED <<asked, log>>

Init == asked = <<>> /\ log = <<>> /\ com = 0
Next == Commit \/ \E r \in Requests : Ask(r)
Spec == Init /\ [][Next]_<<asked, log, com>>

-----------------------------------------------------------------------------

Tree == TreeAt(com)

\* A transaction that was made can be applied to the tree that is there when its turn comes.
RECURSIVE Applies(_, _, _)
Applies(tree, txn, z) ==
    CASE txn.kind = "CREATE" -> CanCreate(tree, txn.path)
      [] txn.kind = "DELETE" -> txn.path \in DOMAIN tree
      [] txn.kind = "SET" -> txn.path \in DOMAIN tree
      [] txn.kind = "CLOSE" -> txn.paths \subseteq DOMAIN tree
      [] txn.kind = "MULTI" ->
            \A i \in 1..Len(txn.parts) :
                Applies(ApplyParts(tree, SubSeq(txn.parts, 1, i - 1), z), txn.parts[i], z)
      [] txn.kind = "FAILURE" -> TRUE
WhatIsMadeApplies == com < Len(log) => Applies(Tree, log[com + 1], com + 1)

ParentsExist == \A p \in DOMAIN Tree \ {Root} : Parent(p) \in DOMAIN Tree

NoChildOfEphemerals == \A p \in DOMAIN Tree \ {Root} : Parent(p) \in DOMAIN Tree => Tree[Parent(p)].owner = Nobody

\* All of a multi, or nothing.
MultiAtomic ==
    \A i \in 1..Len(log) : asked[i].kind = "MULTI" =>
        log[i] = Failure \/ \A j \in 1..Len(log[i].parts) : log[i].parts[j] # Failure

\* Names that were made up are never made up again.
Made == {i \in 1..com : asked[i].kind = "CREATE_SEQUENTIAL" /\ log[i] # Failure}
SequenceUnique == \A i, j \in Made : i # j => log[i].path # log[j].path

EphemeralsGone ==
    com > 0 /\ log[com].kind = "CLOSE" => OwnedBy(Tree, log[com].owner) = {}

\* The root's counters say what has happened below it: each child that came or went.
Came(i) == Cardinality(Children(TreeAt(i), Root) \ Children(TreeAt(i - 1), Root))
Went(i) == Cardinality(Children(TreeAt(i - 1), Root) \ Children(TreeAt(i), Root))
RECURSIVE Happened(_)
Happened(n) == IF n = 0 THEN 0 ELSE Happened(n - 1) + Came(n) + Went(n)
StatExact ==
    /\ Tree[Root].cversion = Happened(com)
    /\ \A i \in 1..com : Came(i) + Went(i) > 0 => Tree[Root].pzxid >= i
    /\ Tree[Root].pzxid > 0 => Came(Tree[Root].pzxid) + Went(Tree[Root].pzxid) > 0
=============================================================================
