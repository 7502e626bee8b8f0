package org.chirplens.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), as PyTorch's {@code AdamW}: betas 0.9
 * and 0.999 or another b, epsilon 1e-8, the decay applied to every trained parameter, biases included. With gradient g in step t:
 *
 * <pre>
 *   w -= rate * decay * w
 *   m  = 0.9 m + 0.1 g;    v = b v + (1 - b) g^2
 *   w -= rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - b^t)) + 1e-8)
 * </pre>
 *
 * <p>Matrices can be left to {@link Muon}, at a rate of their own; then AdamW moves the other parameters only.
 *
 * <p>Unlike the framework's optimizers it trains the given variables only, not every one in the graph, and reads its
 * learning rate from an operand. All gradients are complete before the first variable moves. Its moments are variables
 * that have no value until {@link #state()} is assigned: {@link #initialState()} before the first step, or an earlier
 * state to go on from there.
 */
public final class AdamW extends Optimizer {
    private static final float BETA1 = 0.9f;
    private static final float EPSILON = 1e-8f;
    /** PyTorch's {@code clip_grad_norm_} adds this to the norm that it divides by. */
    private static final float CLIP_EPSILON = 1e-6f;

    private static final String PREFIX = "adamw.";
    private static final String STEP = PREFIX + "step";

    private final Map<String, Variable<TFloat32>> trainable = new LinkedHashMap<>();
    private final Operand<TFloat32> learningRate;
    private final float weightDecay;
    private final float beta2;
    private final double clipNorm;
    private final @Nullable Muon muon;
    private final Map<String, int[]> stateShapes = new LinkedHashMap<>();
    private final GraphParameters state;
    private @Nullable Corrected corrected;

    /**
     * @param trainable the variables to train; nothing else is differentiated or changed
     * @param learningRate a scalar, usually a placeholder
     * @param weightDecay at least 0
     * @param beta2 of the second moment, in [0, 1)
     * @param clipNorm upper bound of the gradients' global norm; 0 does not clip
     * @param muon what moves matrices; null leaves them to AdamW
     */
    public AdamW(
            Graph graph,
            List<Variable<TFloat32>> trainable,
            Operand<TFloat32> learningRate,
            double weightDecay,
            double beta2,
            double clipNorm,
            @Nullable Muon muon) {
        super(graph);
        this.learningRate = learningRate;
        this.weightDecay = (float) weightDecay;
        this.beta2 = (float) beta2;
        this.clipNorm = clipNorm;
        this.muon = muon;
        for (Variable<TFloat32> variable : trainable) {
            String name = variable.op().name();
            this.trainable.put(name, variable);
            int[] shape = dimensions(variable);
            stateShapes.put(first(name), shape);
            if (!isMoved(muon, name, shape)) {
                stateShapes.put(second(name), shape);
            }
        }
        stateShapes.put(STEP, new int[0]);
        this.state = new GraphParameters(Ops.create(graph), stateShapes);
    }

    private static boolean isMoved(@Nullable Muon muon, String name, int[] shape) {
        return muon != null && Muon.moves(name, shape);
    }

    /** Both moments of every trained variable, Muon's momentum of those that it moves, and the number of steps done. */
    public GraphParameters state() {
        return state;
    }

    /** The state before the first step: all zeros. */
    public Map<String, FloatArray> initialState() {
        Map<String, FloatArray> initial = new LinkedHashMap<>();
        stateShapes.forEach((name, shape) -> initial.put(name, FloatArray.zeros(shape)));
        return initial;
    }

    /** The gradients of a loss with respect to the trained variables, clipped when the optimizer clips. */
    @Override
    public <T extends TType> List<GradAndVar<?>> computeGradients(Operand<?> loss) {
        return pairs(gradients(loss));
    }

    /** The gradients of a loss with respect to the trained variables, in their order. */
    List<Operand<TFloat32>> gradients(Operand<?> loss) {
        Output<?>[] variables =
                trainable.values().stream().map(Variable::asOutput).toArray(Output<?>[]::new);
        List<Operand<TFloat32>> gradients = new ArrayList<>();
        for (Output<?> gradient : graph.addGradients(loss.asOutput(), variables)) {
            gradients.add(gradient.expect(TFloat32.class));
        }
        return gradients;
    }

    /** Gradients, clipped when the optimizer clips, with their variables. */
    List<GradAndVar<?>> pairs(List<Operand<TFloat32>> gradients) {
        Iterator<Operand<TFloat32>> used = (clipNorm > 0 ? clipped(gradients) : gradients).iterator();
        List<GradAndVar<?>> pairs = new ArrayList<>();
        trainable
                .values()
                .forEach(variable -> pairs.add(new GradAndVar<>(used.next().asOutput(), variable.asOutput())));
        return pairs;
    }

    private List<Operand<TFloat32>> clipped(List<Operand<TFloat32>> gradients) {
        List<Operand<TFloat32>> halfSquares = new ArrayList<>();
        gradients.forEach(gradient -> halfSquares.add(tf.nn.l2Loss(gradient)));
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(halfSquares)));
        Operand<TFloat32> scale = tf.math.minimum(
                tf.constant(1f),
                tf.math.div(tf.constant((float) clipNorm), tf.math.add(norm, tf.constant(CLIP_EPSILON))));
        List<Operand<TFloat32>> scaled = new ArrayList<>();
        gradients.forEach(gradient -> scaled.add(tf.math.mul(gradient, scale)));
        return scaled;
    }

    @Override
    protected void createSlots(List<Output<? extends TType>> variables) {
        // They exist already: as one block of the graph they are read and assigned in one run.
    }

    /** {@code deps} waits for all gradients: a variable must not move while another one's gradient still reads it. */
    @Override
    protected <T extends TType> Op applyDense(Ops deps, Output<T> gradient, Output<T> variable) {
        String name = variable.op().name();
        Variable<TFloat32> weight = trainable.get(name);
        if (weight == null) {
            throw new IllegalArgumentException(name + " is not among the variables to train");
        }
        if (muon != null && Muon.moves(name, dimensions(weight))) {
            return muon.move(deps, weight, slot(first(name)), gradient.expect(TFloat32.class), weightDecay);
        }
        Corrected corrected = Objects.requireNonNull(this.corrected, "prepare is called first");
        Ops afterDecay = deps;
        if (weightDecay > 0) {
            Operand<TFloat32> share = deps.math.mul(learningRate, deps.constant(weightDecay));
            Op decay = deps.assignSub(weight, deps.math.mul(deps.identity(weight), share));
            afterDecay = deps.withControlDependencies(List.of(decay));
        }
        return afterDecay.train.applyAdam(
                weight,
                slot(first(name)),
                slot(second(name)),
                tf.constant(0f),
                tf.constant(0f),
                corrected.rate,
                tf.constant(BETA1),
                tf.constant(beta2),
                corrected.epsilon,
                gradient.expect(TFloat32.class));
    }

    /**
     * Learning rate and epsilon with the bias corrections of both moments in them. TensorFlow's kernel is told that the
     * powers of the betas are 0 and corrects nothing itself: it would add epsilon before the correction, where PyTorch
     * adds it after, and {@code 1 - beta^t} loses five digits when the power is kept as a float. expm1 loses none.
     */
    private record Corrected(Operand<TFloat32> rate, Operand<TFloat32> epsilon) {}

    @Override
    protected Optional<Op> prepare(String name) {
        Operand<TFloat32> step = tf.math.add(tf.identity(slot(STEP)), tf.constant(1f));
        Operand<TFloat32> first = correction(step, BETA1);
        Operand<TFloat32> second = tf.math.sqrt(correction(step, beta2));
        corrected = new Corrected(
                tf.math.div(tf.math.mul(learningRate, second), first), tf.math.mul(tf.constant(EPSILON), second));
        return Optional.empty();
    }

    /** {@code 1 - beta^t}, for the beta that the kernel multiplies by: the float, which is not quite 0.999. */
    private Operand<TFloat32> correction(Operand<TFloat32> step, float beta) {
        return tf.math.neg(tf.math.expm1(tf.math.mul(step, tf.constant((float) Math.log(beta)))));
    }

    @Override
    protected Op finish(List<Op> updates, String name) {
        Ops after = tf.withControlDependencies(updates);
        return after.withName(name).assignAdd(slot(STEP), after.constant(1f));
    }

    @Override
    public String getOptimizerName() {
        return "AdamW";
    }

    private Variable<TFloat32> slot(String name) {
        Variable<TFloat32> slot = state.variables().get(name);
        if (slot == null) {
            throw new IllegalStateException("the optimizer has no variable " + name);
        }
        return slot;
    }

    private static String first(String variable) {
        return PREFIX + "m." + variable.replace('/', '.');
    }

    private static String second(String variable) {
        return PREFIX + "v." + variable.replace('/', '.');
    }

    private static int[] dimensions(Variable<TFloat32> variable) {
        long[] sizes = variable.shape().asArray();
        int[] dimensions = new int[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            dimensions[i] = Math.toIntExact(sizes[i]);
        }
        return dimensions;
    }
}
