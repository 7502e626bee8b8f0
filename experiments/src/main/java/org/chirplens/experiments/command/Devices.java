package org.chirplens.experiments.command;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

/** The devices that TensorFlow registers. Its Java API has no call for this, so the C API is asked. */
public final class Devices {
    private Devices() {}

    /** One line per device, such as {@code CPU:0} or {@code GPU:0 (75.3 GiB)}. */
    public static List<String> list() {
        TensorFlow.version(); // loads the native library
        List<String> devices = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_Session session =
                    TF_Session.newSession(TF_Graph.newGraph(), TF_SessionOptions.newSessionOptions(), status);
            status.throwExceptionIfNotOK();
            TF_DeviceList list = tensorflow.TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
                devices.add(describe(list, i, status));
            }
            tensorflow.TF_DeleteDeviceList(list);
            scope.deallocate();
        }
        return devices;
    }

    private static String describe(TF_DeviceList list, int i, TF_Status status) {
        String name = tensorflow.TF_DeviceListName(list, i, status).getString();
        String device = name.substring(name.indexOf("device:") + "device:".length());
        long bytes = tensorflow.TF_DeviceListMemoryBytes(list, i, status);
        return device.startsWith("CPU") ? device : device + " (" + Math.round(bytes / 107374182.4) / 10.0 + " GiB)";
    }
}
