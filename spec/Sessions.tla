------------------------------- MODULE Sessions ------------------------------
(***************************************************************************)
(* Sessions and their writes, from server to server: Clients and Upstream  *)
(* at the servers, Expiry and Preparer at the leader. A server passes on   *)
(* what its clients ask, in order; the leader knows at which server a      *)
(* session is, and proposes, in the session's name, only what that server  *)
(* passes on. Only the leader ends a session that is silent. What is       *)
(* proposed is committed in order (AtomicBroadcast), some time later.      *)
(*                                                                         *)
(* A session's requests are numbers, and each creates an ephemeral znode,  *)
(* so that nothing of what was asked can hide.                             *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Session, Server,
    None,
    MaxRequests, \* of all sessions together
    MaxMoves,    \* how often a connection ends
    Mistake      \* a mistake planted on purpose, "none" for none

VARIABLES
    log,     \* what the leader has proposed
    com,     \* how much of it is committed
    open,    \* sessions that are there and whose end is not proposed
    owner,   \* owner[x]: the server at which session x is, as the leader knows it
    at,      \* at[x]: the server to which the client is connected that has the session, or None
    asking,  \* servers that have asked whether a session lives, and for which connection
    pipe,    \* pipe[s]: requests on their way from s to the leader
    next,    \* next[x]: the number of its next request
    gone,    \* clients that will not come back
    told,    \* sessions that were told after their end that they live
    moves

vars == <<log, com, open, owner, at, asking, pipe, next, gone, told, moves>>

\* What is there after the first n transactions: pairs of a session and a number.
RECURSIVE Ephemerals(_)
Ephemerals(n) ==
    IF n = 0 THEN {}
    ELSE LET before == Ephemerals(n - 1)
             t == log[n]
         IN  IF t.kind = "CREATE" THEN before \cup {<<t.session, t.n>>} ELSE before \ t.paths

Closed(x) == \E i \in 1..Len(log) : log[i].kind = "CLOSE" /\ log[i].session = x
Of(x, set) == {e \in set : e[1] = x}

\* The end of a session names what goes with it, outstanding proposals and all.
CloseOf(x) ==
    [kind |-> "CLOSE", session |-> x, n |-> 0,
     paths |-> Of(x, Ephemerals(IF Mistake = "closeSeesCommittedOnly" THEN com ELSE Len(log)))]

-----------------------------------------------------------------------------

Ask(x) ==
    /\ at[x] # None /\ next[x] <= MaxRequests
    /\ pipe' = [pipe EXCEPT ![at[x]] = Append(@, [kind |-> "CREATE", session |-> x, n |-> next[x]])]
    /\ next' = [next EXCEPT ![x] = @ + 1]
    /\ UNCHANGED <<log, com, open, owner, at, asking, gone, told, moves>>

\* The client ends its session.
AskClose(x) ==
    /\ at[x] # None /\ next[x] <= MaxRequests
    /\ pipe' = [pipe EXCEPT ![at[x]] = Append(@, [kind |-> "CLOSE", session |-> x, n |-> 0])]
    /\ next' = [next EXCEPT ![x] = MaxRequests + 1]
    /\ UNCHANGED <<log, com, open, owner, at, asking, gone, told, moves>>

MayAsk(s, x) ==
    /\ x \in open \/ (Mistake = "closingIsOpen" /\ ~ \E i \in 1..com : log[i].kind = "CLOSE" /\ log[i].session = x)
    /\ owner[x] = s \/ Mistake = "moveIsNotFenced"

\* Preparer: what may not be asked any more comes to nothing.
Propose(s) ==
    LET r == Head(pipe[s]) IN
    /\ pipe[s] # <<>>
    /\ pipe' = [pipe EXCEPT ![s] = Tail(@)]
    /\ IF ~MayAsk(s, r.session) THEN UNCHANGED <<log, open>>
       ELSE IF r.kind = "CLOSE"
       THEN log' = Append(log, CloseOf(r.session)) /\ open' = open \ {r.session}
       ELSE log' = Append(log, [kind |-> "CREATE", session |-> r.session, n |-> r.n, paths |-> {}])
            /\ UNCHANGED open
    /\ UNCHANGED <<com, owner, at, asking, next, gone, told, moves>>

Commit == com < Len(log) - (IF Mistake = "lastWaits" THEN 1 ELSE 0) /\ com' = com + 1
          /\ UNCHANGED <<log, open, owner, at, asking, pipe, next, gone, told, moves>>

-----------------------------------------------------------------------------
(* Moves                                                                   *)

\* A connection ends; what was passed on is under way all the same.
Leave(x) ==
    /\ at[x] # None /\ moves < MaxMoves
    /\ at' = [at EXCEPT ![x] = None] /\ moves' = moves + 1
    /\ \/ UNCHANGED gone
       \/ gone' = gone \cup {x}
    /\ UNCHANGED <<log, com, open, owner, asking, pipe, next, told>>

\* The client asks another server, or the same, and that server asks the leader.
Return(x, s) ==
    /\ at[x] = None /\ x \notin gone /\ ~ \E a \in asking : a[1] = x
    /\ asking' = asking \cup {<<x, s>>}
    /\ UNCHANGED <<log, com, open, owner, at, pipe, next, gone, told, moves>>

\* The leader answers; from then on the session is there and nowhere else.
Revalidate(x, s) ==
    LET lives == x \in open \/ Mistake = "closedIsWelcome" IN
    /\ <<x, s>> \in asking
    /\ asking' = asking \ {<<x, s>>}
    /\ IF lives
       THEN owner' = (IF Mistake = "ownerStays" THEN owner ELSE [owner EXCEPT ![x] = s]) /\ at' = [at EXCEPT ![x] = s]
       ELSE UNCHANGED <<owner, at>>
    /\ gone' = IF lives THEN gone ELSE gone \cup {x}
    /\ told' = IF lives /\ Closed(x) THEN told \cup {x} ELSE told
    /\ UNCHANGED <<log, com, open, pipe, next, moves>>

\* Nobody has heard of it for long enough. Time is left out: a session is silent when its client
\* is connected to no server.
Expire(x) ==
    /\ x \in open \/ (Mistake = "expiresTwice" /\ Closed(x) /\ com < Len(log))
    /\ at[x] = None \/ Mistake = "expiresEarly"
    /\ Mistake # "neverExpires"
    /\ log' = Append(log, CloseOf(x)) /\ open' = open \ {x}
    /\ UNCHANGED <<com, owner, at, asking, pipe, next, gone, told, moves>>

Init ==
    /\ log = <<>> /\ com = 0 /\ open = Session
    /\ at \in [Session -> Server] /\ owner = at
    /\ asking = {} /\ pipe = [s \in Server |-> <<>>]
    /\ next = [x \in Session |-> 1]
    /\ gone = {} /\ told = {} /\ moves = 0

Next ==
    \/ Commit
    \/ \E x \in Session :
        Ask(x) \/ AskClose(x) \/ Leave(x) \/ Expire(x)
            \/ \E s \in Server : Return(x, s) \/ Revalidate(x, s)
    \/ \E s \in Server : Propose(s)

Spec == Init /\ [][Next]_vars
FairSpec ==
    Spec /\ WF_vars(Commit) /\ (\A x \in Session : WF_vars(Expire(x) /\ x \in gone))
         /\ (\A s \in Server : WF_vars(Propose(s)))

-----------------------------------------------------------------------------

\* Nothing is proposed in the name of a session whose end is proposed.
NoOpAfterClose ==
    \A i, j \in 1..Len(log) :
        i < j /\ log[i].kind = "CLOSE" => log[j].session # log[i].session

\* At no point of the sequence has an ephemeral znode an owner that has ended.
EphemeralOwnerAlive ==
    \A e \in Ephemerals(Len(log)) : ~Closed(e[1])

\* A session's writes take effect in the order in which they were asked, each once at most.
FifoClient ==
    \A i, j \in 1..Len(log) :
        i < j /\ log[i].session = log[j].session /\ log[i].kind = "CREATE" /\ log[j].kind = "CREATE"
            => log[i].n < log[j].n

\* Who is told that his session lives can count on it: it was open then.
RevalidatedIsOpen == told = {}

\* A session that is connected is owned by the server that it is connected to.
SessionSingleOwner == \A x \in Session : at[x] # None => owner[x] = at[x]

\* Nobody but its client ends the session of a client that is connected.
NeverEndsEarly ==
    [][\A x \in Session :
        x \in open /\ x \notin open' /\ at[x] # None => next[x] > MaxRequests]_vars

\* The session of a client that does not come back ends, and its znodes with it.
SessionExpires == \A x \in Session : x \in gone ~> Of(x, Ephemerals(com)) = {} /\ Closed(x)

\* What is proposed is committed in the end.
EventuallyCommits == <>[](com = Len(log))
=============================================================================
