namespace Ci.Reporting;

/// <summary>How a cell is set; never the only bearer of what it says.</summary>
internal enum CellKind
{
    Plain,
    Strong,
    Muted,
    Code,
}
