namespace Ci.Training.Trees;

/// <summary>One grown tree; node 0 is the root. A leaf has feature -1.</summary>
internal sealed class Tree
{
    public List<Node> Nodes { get; } = [];

    public float Predict(TrainingSet set, int row)
    {
        var node = this.Nodes[0];
        while (node.Feature >= 0)
        {
            var value = set.Column(node.Feature)[row];
            node = this.Nodes[value <= node.Cut || (float.IsNaN(value) && node.MissingLeft) ? node.Left : node.Right];
        }

        return node.Value;
    }

    /// <summary>The same for a row of the binned training set.</summary>
    public float Predict(BinnedMatrix matrix, int row)
    {
        var node = this.Nodes[0];
        while (node.Feature >= 0)
            node = this.Nodes[node.LeftCodes[matrix.Code(node.Column, row)] != 0 ? node.Left : node.Right];
        return node.Value;
    }

    internal sealed class Node
    {
        public int Feature { get; set; } = -1;

        public float Cut { get; set; }

        public bool MissingLeft { get; set; }

        public int Left { get; set; }

        public int Right { get; set; }

        public float Value { get; set; }

        public int Column { get; set; }

        public byte[] LeftCodes { get; set; } = [];
    }
}
