package vivarium.properties.differential;

import java.util.List;
import vivarium.properties.raw.Frame;

/** How a frame is heard. A faithful ear hears what was said; the planted mistakes do not. */
interface Ear {

    /** The frames that are heard when this one arrives. */
    List<Frame> hear(Frame frame);

    static Ear faithful() {
        return List::of;
    }
}
