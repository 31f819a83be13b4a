------------------------------- MODULE Service -------------------------------
(***************************************************************************)
(* All of it together: sessions ask a leader (Sessions), which makes       *)
(* transactions for its tree (Tree); they are committed in one sequence,   *)
(* of which each server shows a beginning (AtomicBroadcast); and one       *)
(* client reads and watches, at one server after the other (Watches). What *)
(* that client sees is CoordService.                                       *)
(*                                                                         *)
(* The leader's tree, and what each transaction has changed of it, are     *)
(* kept as they come about: to work them out of the log at each look would *)
(* take longer than all the rest.                                          *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Session, Server, None, MaxRequests, MaxMoves, MaxReads, MaxBreaks,
    Path,        \* what the client may watch
    Mistake,     \* a mistake planted on purpose, in any of the modules, "none" for none
    TreeMistake  \* likewise in the tree

VARIABLES
    log, com, open, owner, at, asking, pipe, next, gone, told, moves, \* of Sessions
    tree,  \* the leader's, after all that it has proposed
    made,  \* made[i]: what the i-th transaction concerns of what may be watched
    shown, place, asked, armed, late, queue, seen, watched, doubled, counts \* of Watches

ofSessions == <<log, com, open, owner, at, asking, pipe, next, gone, told, moves>>
ofTree == <<tree, made>>
ofWatches == <<shown, place, asked, armed, late, queue, seen, watched, doubled, counts>>

Committed == SubSeq(made, 1, com)

T == INSTANCE Tree
S == INSTANCE Sessions
W == INSTANCE Watches WITH
    agreed <- IF Mistake = "showsProposed" THEN made ELSE Committed, at <- place, MaxTxns <- 0

\* What a session has asked, as the tree takes it: its n-th ephemeral znode has a name of its own.
NameOf(x, n) == <<10 * x + n>>
RequestOf(entry) ==
    IF entry.kind = "CREATE"
    THEN [kind |-> "CREATE", path |-> NameOf(entry.session, entry.n), owner |-> entry.session]
    ELSE [kind |-> "CLOSE", owner |-> entry.session]

\* Sessions goes on, and with each proposal the tree.
Propose ==
    /\ S!Next
    /\ IF Len(log') = Len(log) THEN UNCHANGED ofTree
       ELSE LET z == Len(log')
                after == T!Apply(tree, T!Prepare(tree, RequestOf(log'[z]), z), z)
            IN  /\ tree' = after
                /\ made' = Append(made, T!Concerned(tree, after) \cap Path)
    /\ UNCHANGED ofWatches

\* A server applies what is committed; the client reads, watches, and goes from server to server.
Read ==
    /\ UNCHANGED ofSessions /\ UNCHANGED ofTree
    /\ \/ W!FireLate \/ W!ArmLate \/ W!Answer \/ W!Hear \/ W!Break
       \/ \E s \in Server : W!Apply(s) \/ W!Connect(s)
       \/ \E p \in Path : W!Ask(p)

Init ==
    /\ S!Init
    /\ tree = T!Fresh /\ made = <<>>
    /\ shown = [s \in Server |-> 0]
    /\ place = None /\ asked = <<>> /\ armed = {} /\ late = <<>> /\ queue = <<>>
    /\ seen = 0 /\ watched = [p \in Path |-> -1] /\ doubled = FALSE
    /\ counts = [txns |-> 0, reads |-> 0, breaks |-> 0]

Next == Propose \/ Read
Spec == Init /\ [][Next]_<<ofSessions, ofTree, ofWatches>>

-----------------------------------------------------------------------------

\* The tree has the ephemeral znodes that the sessions' writes and ends amount to, and no others.
EphemeralsAgree ==
    {p \in DOMAIN tree : tree[p].owner # T!Nobody}
        = {NameOf(e[1], e[2]) : e \in S!Ephemerals(Len(log))}

\* What servers show is an atomic broadcast. One that shows nothing yet has not begun.
Delivered == [s \in Server |-> IF shown[s] = 0 THEN -1 ELSE shown[s]]
Broadcast ==
    INSTANCE AtomicBroadcast WITH agreed <- SubSeq(log, 1, com), delivered <- Delivered
IsAtomicBroadcast == Broadcast!Spec

Coordination == INSTANCE CoordService WITH agreed <- Committed
IsService == Coordination!Spec
=============================================================================
