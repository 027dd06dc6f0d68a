using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Parts a table row by row into files and records how. The table may be larger than the memory; stratified and chronological splits read it
/// twice. Nothing is put in its place before everything is written, and the same table, options and version give the same bytes.
/// </summary>
public static class Splitter
{
    /// <summary>Writes the parts and <c>split.json</c>.</summary>
    /// <exception cref="EvaluationException">The options contradict each other, a part would be empty, or a file is missing.</exception>
    /// <exception cref="TableException">The table is no CSV, or lacks a column.</exception>
    public static SplitRecord Run(SplitRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckOptions(request);
        var full = Path.GetFullPath(request.DataPath, request.Folder);
        var (assigner, learnt) = Learn(request, full);
        using var source = DataSource.Open(request.DataPath, full, withMd5: true);
        assigner ??= new HashAssigner(new RowDraw(request.Seed, Columns(request, source.Rows)), UpTo(request));
        var folder = Directory.CreateDirectory(Path.GetFullPath(request.OutPath, request.Folder)).FullName;
        using var parts = new PartSet(request, source, folder);
        parts.Fill(assigner, cancellation);
        var data = source.Finish();
        if (learnt is not null && learnt != data.Sha256)
            throw new EvaluationException($"{request.DataPath}: the file changed while it was read; run again when nothing writes it");
        return parts.Commit(data, source.Md5!);
    }

    internal static double[] UpTo(SplitRequest request)
    {
        double sum = 0;
        return [.. request.Parts.Select(part => sum += part.Fraction)];
    }

    private static void CheckOptions(SplitRequest request)
    {
        var kind = request.Kind.ToString().ToLowerInvariant();
        if (request.Kind == SplitKind.Random && request.Column is not null)
            throw new EvaluationException($"a random split has no --column; --key {request.Column} makes the row's lot depend on that column alone");
        if (request.Kind != SplitKind.Random && request.Column is null)
            throw new EvaluationException($"--by {kind} needs --column: {request.Kind switch { SplitKind.Stratified => "the class whose shares are kept", SplitKind.Grouped => "the group that is not to be parted", _ => "the time" }}");
        if (request.Kind != SplitKind.Chronological && request.Gap is not null)
            throw new EvaluationException($"--gap is for --by chronological, not for --by {kind}");
    }

    private static (IRowAssigner? Assigner, string? Sha256) Learn(SplitRequest request, string full)
    {
        if (request.Kind is SplitKind.Random or SplitKind.Grouped)
            return (null, null);
        using var source = DataSource.Open(request.DataPath, full);
        var column = source.Rows.IndexOf(request.Column!);
        IRowAssigner assigner = request.Kind == SplitKind.Stratified
            ? StratifiedAssigner.Learn(source.Rows, new RowDraw(request.Seed, Columns(request, source.Rows)), column, UpTo(request))
            : ChronologicalAssigner.Learn(source.Rows, column, request.Gap, request.Parts, UpTo(request));
        return (assigner, source.Finish().Sha256);
    }

    // What a lot is drawn by: the group, else the key, else the whole row.
    private static int[] Columns(SplitRequest request, CsvRows rows) => request switch
    {
        { Kind: SplitKind.Grouped } => [rows.IndexOf(request.Column!)],
        { Key.Count: > 0 } => [.. request.Key.Select(rows.IndexOf)],
        _ => [.. Enumerable.Range(0, rows.Columns.Count)],
    };
}
