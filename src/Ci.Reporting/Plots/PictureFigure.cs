using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>A raster picture of the pipeline's own in the frame of a figure, one below the other where there are two revisions.</summary>
internal static class PictureFigure
{
    public static FigureDrawing? Of(ReportPlot plot, string name)
    {
        if (plot.Pictures.Count == 0)
            return null;
        var title = PlainText.Clean(plot.Title, 200);
        var words = plot.Pictures.Select(picture => $"{PlainText.Clean(picture.Revision)}, {picture.Width} by {picture.Height} pixels");
        return new FigureDrawing(name, title, null, $"The picture {title} that the pipeline made: {string.Join("; ", words)}.", (canvas, top) =>
        {
            foreach (var picture in plot.Pictures)
            {
                if (plot.Pictures.Count > 1)
                    canvas.Text(canvas.Left, top += canvas.Size.Label + 6, TextWidth.Fit(PlainText.Clean(picture.Revision), canvas.Size.Label, canvas.Right - canvas.Left), canvas.Size.Label, "f-mute");
                var width = Math.Min(canvas.Right - canvas.Left, picture.Width);
                var height = Math.Min(width * picture.Height / picture.Width, 3 * canvas.Size.Width);
                canvas.Image(canvas.Left, top + 6, width, height, picture.MediaType, Convert.ToBase64String(picture.Data));
                top += height + 12;
            }

            return top;
        });
    }
}
