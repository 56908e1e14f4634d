package vae.testing;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * An op that no graph of a stranger's may run.
 *
 * @param type of the op
 * @param nodes the op, called {@code evil}, and what it needs
 */
public record HostileOp(String type, List<NodeDef> nodes) {
  /** What the op is called. */
  public static final String NAME = "evil";

  private static final AttrValue STRING = type(DataType.DT_STRING);
  private static final AttrValue FLOAT = type(DataType.DT_FLOAT);

  /** What each of these does to a file: if it is run, the file is there. */
  public static List<HostileOp> writing(Path file) {
    String path = file.toString();
    List<HostileOp> ops = new ArrayList<>();
    ops.add(of("WriteFile", text("name", path), text("contents", "was here")));
    ops.add(
        of(
            NodeDef.newBuilder()
                .setOp("PrintV2")
                .putAttr("output_stream", string("file://" + path)),
            text("text", "was here")));
    ops.add(
        of(
            NodeDef.newBuilder().setOp("Save").putAttr("T", types(DataType.DT_FLOAT)),
            text("name", path),
            texts("names", "v"),
            number("value")));
    ops.add(
        of(
            NodeDef.newBuilder().setOp("SaveSlices").putAttr("T", types(DataType.DT_FLOAT)),
            text("name", path),
            texts("names", "v"),
            texts("slices", ""),
            number("value")));
    return ops;
  }

  /** Of others only the type: they are refused before TensorFlow looks at what they need. */
  public static List<HostileOp> others() {
    Stream<HostileOp> types =
        Stream.of(
                """
            ReadFile MatchingFiles WholeFileReader WholeFileReaderV2 ReaderRead ReaderReadV2
            TextLineReader TextLineReaderV2 FixedLengthRecordReaderV2 TFRecordReaderV2
            LMDBReader IdentityReaderV2 TextLineDataset TFRecordDataset FixedLengthRecordDataset
            MapDataset GeneratorDataset IteratorV2 OneShotIterator IteratorGetNext MakeIterator
            SaveV2 MergeV2Checkpoints ShardedFilename
            LoadAndRemapMatrix GenerateVocabRemapping InitializeTableFromTextFile
            InitializeTableFromTextFileV2 LookupTableExportV2 ImmutableConst
            CreateSummaryFileWriter CreateSummaryDbWriter SummaryWriter WriteSummary
            WriteScalarSummary WriteGraphSummary ImportEvent FlushSummaryWriter
            DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount Print
            PyFunc PyFuncStateless EagerPyFunc Abort FakeParam
            PartitionedCall StatefulPartitionedCall RemoteCall SymbolicGradient If StatelessIf While
            StatelessWhile Case Fori MapDefun XlaLaunch XlaCallModule _XlaCompile _XlaRun
            TPUExecute TPUPartitionedCall CustomCall
            _Send _Recv _HostSend _HostRecv Send Recv RpcCall CollectiveReduce CollectiveBcastRecv
            NcclAllReduce Barrier FIFOQueueV2 QueueDequeueV2 QueueEnqueueV2 StagingArea Stage Unstage
            MapStage GetSessionHandle GetSessionTensor DeleteSessionTensor MutexV2 MutexLock
            DecodeRaw DecodePng DecodeJpeg DecodeImage DecodeCSV ParseExample ParseTensor
            ExecutorV2 TensorListFromTensor AnonymousIterator BigQueryReader
            CloudBigtableClient GcsConfigureCredentials KafkaDataset FileSystemSetConfiguration
            SQLDataset SqlDataset AudioSpectrogram Fingerprint NobodyKnows evil_function
            """
                    .strip()
                    .split("\\s+"))
            .map(HostileOp::of);
    NodeDef path = text("path", "somewhere");
    NodeDef names = texts("names", "v");
    NodeDef slices = texts("slices", "");
    Stream<HostileOp> reading =
        Stream.of(
            of("RestoreV2", path, names, slices),
            of("RestoreSlice", path, names, slices),
            of("Restore", path, names));
    return Stream.concat(types, reading).toList();
  }

  /** Adds it to a graph so that another op waits for it. */
  public GraphDef before(String victim, GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder();
    for (NodeDef.Builder node : changed.getNodeBuilderList()) {
      if (node.getName().equals(victim)) {
        node.addInput("^" + NAME);
      }
    }
    return changed.addAllNode(nodes).build();
  }

  @Override
  public String toString() {
    return type;
  }

  private static HostileOp of(String type, NodeDef... inputs) {
    return of(NodeDef.newBuilder().setOp(type), inputs);
  }

  private static HostileOp of(NodeDef.Builder op, NodeDef... inputs) {
    op.setName(NAME);
    List<NodeDef> nodes = new ArrayList<>(List.of(inputs));
    nodes.forEach(input -> op.addInput(input.getName()));
    nodes.add(op.build());
    return new HostileOp(op.getOp(), List.copyOf(nodes));
  }

  private static NodeDef text(String name, String value) {
    return constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addStringVal(ByteString.copyFromUtf8(value)),
        STRING);
  }

  private static NodeDef texts(String name, String value) {
    var one = TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(1));
    return constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(one)
            .addStringVal(ByteString.copyFromUtf8(value)),
        STRING);
  }

  private static NodeDef number(String name) {
    var one = TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(1));
    return constant(
        name,
        TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(one).addFloatVal(1),
        FLOAT);
  }

  private static NodeDef constant(String name, TensorProto.Builder value, AttrValue type) {
    return NodeDef.newBuilder()
        .setName(NAME + "_" + name)
        .setOp("Const")
        .putAttr("dtype", type)
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static AttrValue types(DataType type) {
    return AttrValue.newBuilder().setList(AttrValue.ListValue.newBuilder().addType(type)).build();
  }

  private static AttrValue string(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }
}
