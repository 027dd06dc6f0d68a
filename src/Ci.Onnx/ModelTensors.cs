using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>Walks everything that a model holds, through the bodies of loops and branches and local functions.</summary>
internal static class ModelTensors
{
    /// <summary>Every graph: the main one, training graphs, and those in attributes.</summary>
    public static IEnumerable<GraphProto> Graphs(ModelProto model)
    {
        IEnumerable<GraphProto?> roots = [model.Graph, .. model.TrainingInfo.SelectMany(t => new[] { t.Initialization, t.Algorithm })];
        var functionBodies = model.Functions.SelectMany(f => f.Node).SelectMany(GraphsOf);
        return roots.OfType<GraphProto>().Concat(functionBodies).SelectMany(WithInner);
    }

    /// <summary>Every node of every graph and function.</summary>
    public static IEnumerable<NodeProto> Nodes(ModelProto model) =>
        Graphs(model).SelectMany(g => g.Node).Concat(model.Functions.SelectMany(f => f.Node));

    /// <summary>The stored weights: initializers of all graphs, sparse ones by their values and indices.</summary>
    public static IEnumerable<TensorProto> Initializers(ModelProto model) =>
        Graphs(model).SelectMany(g => g.Initializer.Concat(g.SparseInitializer.SelectMany(Parts)));

    /// <summary>Every stored tensor: weights and attributes.</summary>
    public static IEnumerable<TensorProto> All(ModelProto model) =>
        Initializers(model).Concat(Nodes(model).SelectMany(n => n.Attribute).SelectMany(TensorsOf));

    private static IEnumerable<GraphProto> WithInner(GraphProto graph) =>
        graph.Node.SelectMany(GraphsOf).SelectMany(WithInner).Prepend(graph);

    private static IEnumerable<GraphProto> GraphsOf(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Prepend(a.G));

    private static IEnumerable<TensorProto> TensorsOf(AttributeProto attribute)
    {
        IEnumerable<TensorProto> dense = attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T);
        var sparse = attribute.SparseTensor is null ? attribute.SparseTensors : attribute.SparseTensors.Prepend(attribute.SparseTensor);
        return dense.Concat(sparse.SelectMany(Parts));
    }

    private static IEnumerable<TensorProto> Parts(SparseTensorProto sparse) =>
        new[] { sparse.Values, sparse.Indices }.OfType<TensorProto>();
}
