package org.chirplens.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
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

    /**
     * A device of a session.
     *
     * @param name such as {@code CPU:0} or {@code GPU:0}
     * @param bytes of memory that TensorFlow may take there
     */
    public record Device(String name, long bytes) {
        public boolean isGpu() {
            return name.startsWith("GPU");
        }
    }

    /** Whether a session with these options has a GPU; see {@link #list}. */
    public static boolean hasGpu(SessionOptions options) {
        return list(options).stream().anyMatch(Device::isGpu);
    }

    /**
     * The devices of a session with these options. TensorFlow keeps the threads and the GPU memory's growth that the first
     * session of a process asked for, so these must be the options of the sessions that follow.
     */
    public static List<Device> list(SessionOptions options) {
        TensorFlow.version(); // loads the native library
        List<Device> devices = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            byte[] proto = options.proto().toByteArray();
            TF_SessionOptions sessionOptions = TF_SessionOptions.newSessionOptions();
            tensorflow.TF_SetConfig(sessionOptions, new BytePointer(proto), proto.length, status);
            status.throwExceptionIfNotOK();
            TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), sessionOptions, status);
            status.throwExceptionIfNotOK();
            TF_DeviceList list = tensorflow.TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
                String name = tensorflow.TF_DeviceListName(list, i, status).getString();
                devices.add(new Device(
                        name.substring(name.indexOf("device:") + "device:".length()),
                        tensorflow.TF_DeviceListMemoryBytes(list, i, status)));
            }
            tensorflow.TF_DeleteDeviceList(list);
            scope.deallocate();
        }
        return devices;
    }
}
