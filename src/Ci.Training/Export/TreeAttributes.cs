using Ci.Onnx.Proto;
using Ci.Training.Trees;

namespace Ci.Training.Export;

/// <summary>Trees as the parallel lists that ai.onnx.ml's TreeEnsembleRegressor (version 3) is made of.</summary>
internal sealed class TreeAttributes
{
    private readonly List<long> treeIds = [];
    private readonly List<long> nodeIds = [];
    private readonly List<long> featureIds = [];
    private readonly List<float> values = [];
    private readonly List<string> modes = [];
    private readonly List<long> trueIds = [];
    private readonly List<long> falseIds = [];
    private readonly List<long> missingTrue = [];
    private readonly List<long> leafTrees = [];
    private readonly List<long> leafNodes = [];
    private readonly List<long> leafTargets = [];
    private readonly List<float> leafValues = [];
    private readonly float[] start;

    public TreeAttributes(float[] start, IReadOnlyList<Tree> trees)
    {
        this.start = start;
        for (var tree = 0; tree < trees.Count; tree++)
        {
            for (var node = 0; node < trees[tree].Nodes.Count; node++)
                this.Add(tree, node, trees[tree].Nodes[node]);
        }
    }

    public AttributeProto[] All() =>
    [
        OnnxAttribute.Of("n_targets", this.start.Length),
        OnnxAttribute.Of("aggregate_function", "SUM"),
        OnnxAttribute.Of("post_transform", "NONE"),
        OnnxAttribute.Of("base_values", this.start),
        OnnxAttribute.Of("nodes_treeids", this.treeIds),
        OnnxAttribute.Of("nodes_nodeids", this.nodeIds),
        OnnxAttribute.Of("nodes_featureids", this.featureIds),
        OnnxAttribute.Of("nodes_values", this.values),
        OnnxAttribute.Of("nodes_modes", this.modes),
        OnnxAttribute.Of("nodes_truenodeids", this.trueIds),
        OnnxAttribute.Of("nodes_falsenodeids", this.falseIds),
        OnnxAttribute.Of("nodes_missing_value_tracks_true", this.missingTrue),
        OnnxAttribute.Of("target_treeids", this.leafTrees),
        OnnxAttribute.Of("target_nodeids", this.leafNodes),
        OnnxAttribute.Of("target_ids", this.leafTargets),
        OnnxAttribute.Of("target_weights", this.leafValues),
    ];

    private void Add(int tree, int id, Tree.Node node)
    {
        var isLeaf = node.Feature < 0;
        this.treeIds.Add(tree);
        this.nodeIds.Add(id);
        this.featureIds.Add(isLeaf ? 0 : node.Feature);
        this.values.Add(isLeaf ? 0 : node.Cut);
        this.modes.Add(isLeaf ? "LEAF" : "BRANCH_LEQ");
        this.trueIds.Add(isLeaf ? 0 : node.Left);
        this.falseIds.Add(isLeaf ? 0 : node.Right);
        this.missingTrue.Add(!isLeaf && node.MissingLeft ? 1 : 0);
        if (!isLeaf)
            return;
        this.leafTrees.Add(tree);
        this.leafNodes.Add(id);
        this.leafTargets.Add(tree % this.start.Length);
        this.leafValues.Add(node.Value);
    }
}
