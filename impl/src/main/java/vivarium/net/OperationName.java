package vivarium.net;

import vivarium.core.txn.Operation;

/** What operators call an operation: the four letters by which ZooKeeper lists it. */
public enum OperationName {
    NONE("NA", false),
    SESSION("SESS", true),
    PING("PING", false),
    CREATE("CREA", true),
    DELETE("DELE", true),
    SET_DATA("SETD", true),
    SET_ACL("SETA", true),
    CHECK("CHEC", true),
    MULTI("MULT", true),
    CLOSE("CLOS", true),
    RECONFIG("reconfig", true),
    SYNC("SYNC", true),
    EXISTS("EXIS", false),
    GET_DATA("GETD", false),
    GET_ACL("GETA", false),
    GET_CHILDREN("GETC", false),
    GET_EPHEMERALS("GETE", false),
    GET_ALL_CHILDREN_NUMBER("GETACN", false),
    WHO_AM_I("HOMI", false),
    MULTI_READ("MLTR", false),
    SET_WATCHES("SETW", false),
    ADD_WATCH("ADDW", false),
    CHECK_WATCHES("CHKW", false),
    REMOVE_WATCHES("REMW", false);

    private final String letters;
    private final boolean agreed;

    OperationName(String letters, boolean agreed) {
        this.letters = letters;
        this.agreed = agreed;
    }

    /** The letters. */
    public String letters() {
        return letters;
    }

    /** Whether the ensemble has to agree before it is answered. */
    public boolean isAgreed() {
        return agreed;
    }

    static OperationName of(Operation operation) {
        return switch (operation) {
            case Operation.Create _ -> CREATE;
            case Operation.Delete _, Operation.DeleteContainer _ -> DELETE;
            case Operation.SetData _ -> SET_DATA;
            case Operation.SetAcl _ -> SET_ACL;
            case Operation.CheckVersion _ -> CHECK;
            case Operation.Multi _ -> MULTI;
            case Operation.CreateSession _ -> SESSION;
            case Operation.CloseSession _ -> CLOSE;
            case Operation.Reconfig _ -> RECONFIG;
            case Operation.Exists _ -> EXISTS;
            case Operation.GetData _ -> GET_DATA;
            case Operation.GetAcl _ -> GET_ACL;
            case Operation.GetChildren _ -> GET_CHILDREN;
            case Operation.GetEphemerals _ -> GET_EPHEMERALS;
            case Operation.GetAllChildrenNumber _ -> GET_ALL_CHILDREN_NUMBER;
            case Operation.WhoAmI _ -> WHO_AM_I;
            case Operation.MultiRead _ -> MULTI_READ;
            case Operation.SetWatches _ -> SET_WATCHES;
            case Operation.AddWatch _ -> ADD_WATCH;
            case Operation.CheckWatches _ -> CHECK_WATCHES;
            case Operation.RemoveWatches _ -> REMOVE_WATCHES;
            case Operation.MalformedWrite _,
                    Operation.MalformedRead _,
                    Operation.Unknown _,
                    Operation.Throttled _ ->
                    NONE;
            case Operation.Ping _ -> PING;
            case Operation.Sync _ -> SYNC;
        };
    }
}
