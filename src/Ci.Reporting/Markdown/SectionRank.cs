namespace Ci.Reporting;

/// <summary>Which section leaves first where there is no room: the one that argues the verdict least.</summary>
internal enum SectionRank
{
    Parameters,
    Lineage,
    Model,
    Reproduce,
    DataCheck,
    Data,
    Metrics,
    Slices,
    Figures,
    PassedGates,
}
