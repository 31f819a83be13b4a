package vivarium.benchmarks.load;

/** What a load asks of the server; values have 100 bytes unless the load says otherwise. */
public enum Workload {
    /** Sets the data of znodes drawn from those prepared. */
    SET_DATA("setData"),

    /** Creates znodes under one parent; {@link LoadGenerator#sweep} removes them afterwards. */
    CREATE("create"),

    /** Gets the data of znodes drawn from those prepared. */
    GET_DATA("getData"),

    /** Nine in ten get data, the others set it, drawn one by one. */
    MIXED("90% getData"),

    /** Ten times setData in one transaction, on neighbours. */
    MULTI("multi of 10 setData"),

    /** Creates ephemeral sequential znodes; {@link LoadGenerator#sweep} removes them. */
    SEQUENTIAL("ephemeral sequential"),

    /**
     * Opens a connection with a session of its own, and closes both; {@code outstanding} at a time.
     */
    SESSIONS("session open and close"),

    /**
     * Every connection watches the same znodes, of which {@code outstanding} are set when all
     * watch; each event counts, and is answered by a getData with the next watch.
     */
    WATCHES("watch events");

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    /** As it stands in tables. */
    public String title() {
        return title;
    }

    /** Whether each connection has the same number of requests unanswered. */
    public boolean isSpread() {
        return this != SESSIONS && this != WATCHES;
    }
}
