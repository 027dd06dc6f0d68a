using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Says which part a row belongs to, by its cells alone.</summary>
internal interface IRowAssigner
{
    /// <summary>The part's number, or −1 for a row that is dropped.</summary>
    int PartOf(CsvRows rows);
}
