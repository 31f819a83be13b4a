---------------------------- MODULE ReplayWatches ----------------------------
(***************************************************************************)
(* Watches in the steps that a driver of the core's servers can take with  *)
(* them, and what of a state such a driver can see: see ReplayZab.         *)
(***************************************************************************)
EXTENDS Watches

Leaves == at # None /\ Break

ReplayNext ==
    \/ FireLate \/ ArmLate \/ Answer \/ Hear \/ Leaves
    \/ \E s \in Server : Apply(s) \/ Connect(s)
    \/ \E p \in Path : Ask(p) \/ Agree(p)

ReplaySpec == Init /\ [][ReplayNext]_vars

Peers == [s \in Server |-> [shown |-> shown[s], armed |-> IF at = s THEN armed ELSE {}]]
Around ==
    [agreed |-> agreed, at |-> at, asked |-> asked, queue |-> queue, seen |-> seen, watched |-> watched]
Roles == <<Server, {}, None>>
=============================================================================
