package vivarium.benchmarks.load;

/** The requests that the generator sends, by their codes on the wire. */
enum Kind {
    CREATE(1),

    /** A create whose name the server ends with a number, which is heard of in the reply. */
    CREATE_SEQUENTIAL(1),
    DELETE(2),
    GET_DATA(4),
    SET_DATA(5),
    SYNC(9),

    /** {@link Requests#PARTS} times setData. */
    MULTI(14);

    private final int opcode;

    Kind(int opcode) {
        this.opcode = opcode;
    }

    int opcode() {
        return opcode;
    }
}
