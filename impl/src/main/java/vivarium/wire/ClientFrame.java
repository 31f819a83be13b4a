package vivarium.wire;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.txn.Operation;

/** A frame of an established connection, from the client to the server. */
public sealed interface ClientFrame {

    /** The number that the client gave to the frame; the reply carries it too. */
    int xid();

    /** The client asks for something. */
    record Request(int xid, Operation operation) implements ClientFrame {}

    /**
     * The client says who it is, in one message.
     *
     * @param scheme empty where the client gave none
     * @param proof null where the client gave none
     */
    record Auth(int xid, int type, String scheme, @Nullable Bytes proof) implements ClientFrame {}

    /** A step of the client's proof of who it is. */
    record Sasl(int xid, @Nullable Bytes token) implements ClientFrame {}
}
