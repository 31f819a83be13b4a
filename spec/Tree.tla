-------------------------------- MODULE Tree ---------------------------------
(***************************************************************************)
(* The tree as a function: what the leader makes of a request (Preparer),  *)
(* and what each server makes of the transaction (Replica.apply). A path   *)
(* is a sequence of names, a name a number. A request that can't be met    *)
(* becomes a transaction that changes nothing; a transaction that was made *)
(* for a tree can be applied to it.                                        *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANT TreeMistake \* a mistake planted on purpose, "none" for none

Nobody == 0
Root == <<>>
Parent(p) == SubSeq(p, 1, Len(p) - 1)
Children(tree, p) == {q \in DOMAIN tree : q # Root /\ Parent(q) = p}
Fresh == [p \in {Root} |-> [owner |-> Nobody, version |-> 0, cversion |-> 0, pzxid |-> 0]]

\* Names that the leader makes up: behind all that clients use.
Sequential == 100

-----------------------------------------------------------------------------
(* Changes of a tree; z is the transaction's zxid                          *)

Touched(tree, p, z) ==
    IF p \notin DOMAIN tree THEN tree
    ELSE [tree EXCEPT ![p].cversion = IF TreeMistake = "countersStand" THEN @ ELSE @ + 1, ![p].pzxid = z]

Created(tree, p, owner, z) ==
    LET touched == Touched(tree, Parent(p), z)
    IN  [q \in DOMAIN tree \cup {p} |->
            IF q = p THEN [owner |-> owner, version |-> 0, cversion |-> 0, pzxid |-> z]
            ELSE touched[q]]

Deleted(tree, p, z) ==
    LET touched == IF TreeMistake = "deleteIsSilent" THEN tree ELSE Touched(tree, Parent(p), z)
    IN  [q \in DOMAIN tree \ {p} |-> touched[q]]

RECURSIVE DeletedAll(_, _, _)
DeletedAll(tree, paths, z) ==
    IF paths = {} THEN tree
    ELSE LET p == CHOOSE p \in paths : TRUE
         IN  DeletedAll(IF p \in DOMAIN tree THEN Deleted(tree, p, z) ELSE tree, paths \ {p}, z)

RECURSIVE Apply(_, _, _)
RECURSIVE ApplyParts(_, _, _)
Apply(tree, txn, z) ==
    CASE txn.kind = "CREATE" -> Created(tree, txn.path, txn.owner, z)
      [] txn.kind = "DELETE" -> Deleted(tree, txn.path, z)
      [] txn.kind = "SET" ->
            IF TreeMistake = "setTouchesParent"
            THEN Touched([tree EXCEPT ![txn.path].version = @ + 1], Parent(txn.path), z)
            ELSE [tree EXCEPT ![txn.path].version = @ + 1]
      [] txn.kind = "CLOSE" -> DeletedAll(tree, txn.paths, z)
      [] txn.kind = "MULTI" -> ApplyParts(tree, txn.parts, z)
      [] txn.kind = "FAILURE" -> tree
ApplyParts(tree, parts, z) ==
    IF parts = <<>> THEN tree ELSE ApplyParts(Apply(tree, Head(parts), z), Tail(parts), z)

RECURSIVE ApplyAll(_, _)
ApplyAll(log, n) == IF n = 0 THEN Fresh ELSE Apply(ApplyAll(log, n - 1), log[n], n)

\* What is no more, or new, or no more as it was: of what watches are told.
Concerned(before, after) ==
    {p \in DOMAIN before \cup DOMAIN after :
        p \notin DOMAIN before \/ p \notin DOMAIN after \/ before[p] # after[p]}

-----------------------------------------------------------------------------
(* What the leader makes of a request                                      *)

Failure == [kind |-> "FAILURE"]
OwnedBy(tree, owner) == {p \in DOMAIN tree : owner # Nobody /\ tree[p].owner = owner}

CanCreate(tree, p) ==
    /\ p \notin DOMAIN tree /\ Parent(p) \in DOMAIN tree
    /\ tree[Parent(p)].owner = Nobody \/ TreeMistake = "ephemeralsHaveChildren"
CanDelete(tree, p, version) ==
    /\ p \in DOMAIN tree /\ p # Root
    /\ version < 0 \/ tree[p].version = version
    /\ Children(tree, p) = {} \/ TreeMistake = "orphans"
CanSet(tree, p, version) == p \in DOMAIN tree /\ (version < 0 \/ tree[p].version = version)

RECURSIVE Prepare(_, _, _)
RECURSIVE PrepareParts(_, _, _)
Prepare(tree, r, z) ==
    CASE r.kind = "CREATE" ->
            IF CanCreate(tree, r.path) THEN [kind |-> "CREATE", path |-> r.path, owner |-> r.owner]
            ELSE Failure
      [] r.kind = "CREATE_SEQUENTIAL" ->
            LET p == Append(r.path, Sequential + tree[r.path].cversion)
            IN  IF r.path \in DOMAIN tree /\ CanCreate(tree, p)
                THEN [kind |-> "CREATE", path |-> p, owner |-> r.owner] ELSE Failure
      [] r.kind = "DELETE" ->
            IF CanDelete(tree, r.path, r.version) THEN [kind |-> "DELETE", path |-> r.path] ELSE Failure
      [] r.kind = "SET" ->
            IF CanSet(tree, r.path, r.version) THEN [kind |-> "SET", path |-> r.path] ELSE Failure
      [] r.kind = "CLOSE" ->
            [kind |-> "CLOSE", owner |-> r.owner,
             paths |-> IF TreeMistake = "closeForgetsOne" /\ OwnedBy(tree, r.owner) # {}
                       THEN OwnedBy(tree, r.owner) \ {CHOOSE p \in OwnedBy(tree, r.owner) : TRUE}
                       ELSE OwnedBy(tree, r.owner)]
      [] r.kind = "MULTI" ->
            LET parts == PrepareParts(tree, r.parts, z)
                fails == \E i \in 1..Len(parts) : parts[i] = Failure
            IN  IF fails /\ TreeMistake # "multiKeepsParts" THEN Failure
                ELSE [kind |-> "MULTI", parts |-> parts]
\* Each part sees what those before it will have done.
PrepareParts(tree, parts, z) ==
    IF parts = <<>> THEN <<>>
    ELSE LET first == Prepare(tree, Head(parts), z)
         IN  <<first>> \o PrepareParts(Apply(tree, first, z), Tail(parts), z)
=============================================================================
