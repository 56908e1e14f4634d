package vae.metagraph;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types of ops that inference needs: they compute, hold variables and tables, and draw noise. A
 * graph is a program, and TensorFlow knows ops that read and write files, call Python, talk to
 * other machines, or end the process. None of those is here. {@link GraphGuard} has the two kinds
 * that depend on what they are given: calls of functions, and tables that are read from an asset.
 *
 * @param more what the user allows beyond these
 */
public record AllowedOps(Set<String> more) {
  /** No others. */
  public static final AllowedOps STANDARD = new AllowedOps(Set.of());

  private static final Set<String> PLUMBING =
      NodeGraph.types(
          """
          Const Identity IdentityN NoOp Placeholder PlaceholderV2 PlaceholderWithDefault
          StopGradient PreventGradient Snapshot DeepCopy OnesLike ZerosLike Cast Bitcast
          Shape ShapeN Size Rank EnsureShape Assert CheckNumerics CheckNumericsV2
          """);

  private static final Set<String> VARIABLES =
      NodeGraph.types(
          """
          Variable VariableV2 VarHandleOp ReadVariableOp Assign AssignAdd AssignSub
          AssignVariableOp AssignAddVariableOp AssignSubVariableOp
          IsVariableInitialized VarIsInitializedOp VariableShape
          """);

  /** TF1's {@code tf.cond}, {@code tf.while_loop} and {@code tf.scan}. A loop may have no end. */
  private static final Set<String> CONTROL_FLOW =
      NodeGraph.types(
          """
          Switch Merge RefSwitch RefMerge Enter RefEnter Exit RefExit NextIteration
          RefNextIteration LoopCond TensorArrayV3 TensorArrayReadV3 TensorArrayWriteV3
          TensorArrayGatherV3 TensorArrayScatterV3 TensorArrayConcatV3 TensorArraySplitV3
          TensorArraySizeV3 TensorArrayCloseV3
          """);

  private static final Set<String> NOISE =
      NodeGraph.types(
          """
          RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal
          ParameterizedTruncatedNormal StatelessRandomNormal StatelessRandomNormalV2
          StatelessRandomUniform StatelessRandomUniformV2 StatelessTruncatedNormal
          StatelessTruncatedNormalV2 StatelessRandomGetKeyCounter StatelessRandomGetAlg
          StatelessRandomGetKeyCounterAlg RandomGamma Multinomial
          """);

  /** Each value of these comes of the values in its place. */
  static final Set<String> ELEMENTWISE =
      NodeGraph.types(
          """
          Add AddV2 AddN Sub Mul MulNoNan Div DivNoNan RealDiv TruncateDiv FloorDiv FloorMod Mod
          TruncateMod Neg Abs Sign Square SquaredDifference Sqrt Rsqrt Reciprocal Inv Pow Exp Expm1
          Log Log1p Xlogy Xlog1py Xdivy Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh Tanh Asinh Acosh
          Atanh Erf Erfc Erfinv Ndtri Lgamma Digamma Sigmoid Softplus Softsign Relu Relu6 LeakyRelu
          Elu Selu Maximum Minimum ClipByValue Floor Ceil Round Rint Equal NotEqual
          ApproximateEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalNot
          IsNan IsInf IsFinite SelectV2
          """);

  private static final Set<String> ARITHMETIC =
      NodeGraph.types(
          """
          Softmax LogSoftmax Select
          Sum Mean Prod Max Min All Any EuclideanNorm ArgMax ArgMin Cumsum Cumprod
          MatMul BatchMatMul BatchMatMulV2 BatchMatMulV3 Einsum BiasAdd BiasAddV1 L2Loss
          SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits
          Igamma Igammac Betainc Zeta Polygamma SigmoidGrad TanhGrad Cross InTopK InTopKV2
          Bucketize Bincount HistogramFixedWidth Cholesky MatrixInverse MatrixDeterminant
          MatrixSolve MatrixTriangularSolve SelfAdjointEigV2 Qr Svd
          """);

  private static final Set<String> SHAPING =
      NodeGraph.types(
          """
          Reshape Squeeze ExpandDims Transpose ConjugateTranspose Concat ConcatV2 ConcatOffset
          Pack Unpack ParallelConcat Split SplitV Slice StridedSlice Gather GatherV2 GatherNd
          ScatterNd Tile Pad PadV2 MirrorPad Fill Range LinSpace BroadcastTo BroadcastArgs
          BroadcastGradientArgs Reverse ReverseV2 OneHot Diag DiagPart MatrixDiag MatrixDiagV2
          MatrixDiagV3 MatrixDiagPart MatrixDiagPartV2 MatrixDiagPartV3 MatrixSetDiag
          MatrixBandPart InvertPermutation Where Unique UniqueV2 UniqueWithCounts TopK TopKV2
          DynamicStitch ParallelDynamicStitch DynamicPartition Roll ScatterNdNonAliasingAdd
          TensorScatterUpdate TensorScatterAdd SequenceMask ListDiff
          """);

  /** Layers beyond the tutorial's: convolutional encoders and decoders, and what goes with them. */
  private static final Set<String> LAYERS =
      NodeGraph.types(
          """
          Conv2D Conv2DBackpropInput DepthwiseConv2dNative DepthwiseConv2dNativeBackpropInput
          Conv3D Conv3DBackpropInputV2 MaxPool MaxPoolV2 MaxPoolWithArgmax AvgPool MaxPool3D
          AvgPool3D FractionalMaxPool FractionalAvgPool Dilation2D ExtractImagePatches
          FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 BatchNormWithGlobalNormalization LRN
          SpaceToBatch SpaceToBatchND BatchToSpace BatchToSpaceND SpaceToDepth DepthToSpace
          ResizeBilinear ResizeNearestNeighbor ResizeBicubic ResizeArea CropAndResize
          NonMaxSuppression NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4
          FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel
          QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 RGBToHSV HSVToRGB AdjustContrastv2
          """);

  /** Recurrent cells, and sequences of which each has its own length. */
  private static final Set<String> SEQUENCES =
      NodeGraph.types(
          """
          LSTMBlockCell BlockLSTM BlockLSTMV2 GRUBlockCell ReverseSequence
          SegmentSum SegmentMean SegmentMax SegmentMin SegmentProd UnsortedSegmentSum
          UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd
          """);

  /** {@code tf.contrib.lookup} and what is done with texts before and after it. */
  private static final Set<String> TABLES_AND_TEXTS =
      NodeGraph.types(
          """
          HashTable HashTableV2 InitializeTable InitializeTableV2 LookupTableFind
          LookupTableFindV2 LookupTableSize LookupTableSizeV2 LookupTableImport LookupTableImportV2
          StringLower StringUpper StringStrip StringLength StringJoin StringSplit StringSplitV2
          Substr ReduceJoin AsString StringToNumber StringToHashBucket StringToHashBucketFast
          StringToHashBucketStrong RegexReplace StaticRegexReplace RegexFullMatch
          StaticRegexFullMatch EncodeBase64 DecodeBase64 UnicodeDecode UnicodeEncode
          """);

  /** Of {@code embedding_lookup_sparse} and its like. */
  private static final Set<String> SPARSE =
      NodeGraph.types(
          """
          ResourceGather ResourceGatherNd SparseToDense SparseReshape SparseTensorDenseMatMul
          SparseFillEmptyRows SparseSegmentSum SparseSegmentMean SparseSegmentSqrtN SparseReorder
          SparseSlice SparseConcat SparseReduceSum SparseSoftmax
          """);

  private static final Set<String> STANDARD_TYPES =
      Stream.of(
              PLUMBING,
              VARIABLES,
              CONTROL_FLOW,
              NOISE,
              ELEMENTWISE,
              ARITHMETIC,
              SHAPING,
              LAYERS,
              SEQUENCES,
              TABLES_AND_TEXTS,
              SPARSE)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  public AllowedOps {
    more = Set.copyOf(more);
  }

  /** The same with others. */
  public AllowedOps with(Collection<String> others) {
    Set<String> all = new HashSet<>(more);
    all.addAll(others);
    return new AllowedOps(all);
  }

  /** Whether ops of this type may be in a graph. */
  public boolean allows(String type) {
    return STANDARD_TYPES.contains(type) || more.contains(type);
  }

  /** Whether it may be called, if it is the name of a function of the graph's own. */
  boolean allowsFunction(String name) {
    return more.contains(name);
  }
}
