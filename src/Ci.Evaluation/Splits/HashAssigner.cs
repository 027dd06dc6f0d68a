using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Random and grouped: the lot falls into the part's share of [0, 1).</summary>
internal sealed class HashAssigner(RowDraw draw, double[] upTo) : IRowAssigner
{
    public int PartOf(CsvRows rows)
    {
        var share = RowDraw.Share(draw.Of(rows));
        for (var part = 0; part < upTo.Length - 1; part++)
        {
            if (share < upTo[part])
                return part;
        }

        return upTo.Length - 1;
    }
}
