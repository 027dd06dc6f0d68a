namespace Ci.Reporting;

/// <summary>What the first page says: which model this is, and how one can tell.</summary>
internal static class CardFacts
{
    public static ReportTable TitleBlock(ModelCard card) => ReportTable.Facts(
    [
        ("model", new Cell(card.Release is { } release ? $"{release.Name} {release.Version}" : card.Report.Model.Name)),
        ("model file, SHA-256", new Cell(card.Report.Model.Sha256, CellKind.Code)),
        ("release id", card.Release is { } r ? new Cell(r.Id, CellKind.Code) : new Cell("none: this card is of no release", CellKind.Muted)),
        ("signature", new Cell(card.SignatureWords, card.Release?.State == SignatureState.Verified ? CellKind.Plain : CellKind.Strong)),
        ("key, SHA-256", new Cell(card.Release?.KeyFingerprint ?? "", CellKind.Code)),
        ("report, SHA-256", new Cell(card.ReportSha256, CellKind.Code)),
        ("commit", new Cell(card.Report.Lineage.Commit ?? "", CellKind.Code)),
        ("evidence made", new Cell($"{card.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC")),
        ("license", new Cell(card.Details.License ?? "not stated", card.Details.License is null ? CellKind.Muted : CellKind.Plain)),
        ("contact", card.Details.Contacts.Count > 0 ? new Cell(string.Join("; ", card.Details.Contacts)) : new Cell("not stated", CellKind.Muted)),
    ]);

    public static string Foot(ModelCard card) =>
        $"Model card of {card.Title} · made from report {card.ReportSha256[..12]}{(card.Release is { } release ? $" and release {PlainText.Clean(release.Id, 12)}" : "")} by mlops {PlainText.Clean(card.Report.Lineage.Version)}";
}
