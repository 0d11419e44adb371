using System.Drawing;
using Iot.Device.Graphics;
using Iot.Device.Ssd13xx;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Ssd1306Tests
{
    private const int Address = 0x3C, Width = 128, Height = 32;

    /// <summary>Its constructor draws an empty picture, and asks for one here: programs register that of
    /// Iot.Device.Bindings.SkiaSharpAdapter.</summary>
    static Ssd1306Tests() => BitmapImage.RegisterImageFactory(new Bitmaps());

    [Fact]
    public void A_frame_that_is_drawn_stands_in_the_display_RAM_dot_for_dot() => Proof.Run(async proof =>
    {
        Ssd1306Chip chip = new();
        chip.Fill(0xAA);
        proof.Bus.Attach(Address, chip);
        using Ssd1306 display = await proof.InLane(() => new Ssd1306(proof.I2c.CreateDevice(Address), Width, Height));
        Assert.Equal((true, false, true, Height, 0x8F), (chip.IsOn, chip.IsInverse, chip.HasChargePump, chip.Rows, chip.Contrast));
        foreach (Func<int, int, bool> picture in new Func<int, int, bool>[] { (x, y) => (x + y) % 3 == 0, (x, y) => x * Height > y * Width, (x, y) => (x, y) == (127, 31) })
        {
            using Bitmap image = new(picture);
            await proof.InLane(() => display.DrawBitmap(image));
            Assert.All(
                Enumerable.Range(0, Width * Height).Select(i => (X: i % Width, Y: i / Width)),
                dot => Assert.Equal(picture(dot.X, dot.Y), chip[dot.X, dot.Y]));
        }
    });

    [Fact]
    public void A_frame_of_512_bytes_goes_in_pieces_that_let_others_have_the_bus() => Proof.Run(async proof =>
    {
        Ssd1306Chip chip = new();
        proof.Bus.Attach(Address, chip);
        using Ssd1306 display = await proof.InLane(() => new Ssd1306(proof.I2c.CreateDevice(Address), Width, Height));
        int before = proof.Bus.Transfers.Count;
        using Bitmap image = new((_, _) => true);
        await proof.InLane(() => display.DrawBitmap(image));
        // Two commands for the window, then 32 times 16 bytes after a control byte.
        Assert.Equal(
            [4, 4, .. Enumerable.Repeat(17, 32)],
            proof.Bus.Transfers.Skip(before).Select(transfer => transfer.Written.Count));
        await proof.InLane(() => display.EnableDisplay(false));
        Assert.False(chip.IsOn);
    });

    /// <summary>The least that a picture can be.</summary>
    private sealed class Bitmap(Func<int, int, bool> picture) : BitmapImage(Ssd1306Tests.Width, Ssd1306Tests.Height, Ssd1306Tests.Width * 4, PixelFormat.Format32bppXrgb)
    {
        public override Color GetPixel(int x, int y) => picture(x, y) ? Color.White : Color.Black;

        public override void SetPixel(int x, int y, Color color) => Assert.Equal(GetPixel(x, y).GetBrightness(), color.GetBrightness());

        public override Span<byte> AsByteSpan() => throw new NotSupportedException();

        public override void SaveToStream(Stream stream, ImageFileType format) => throw new NotSupportedException();

        public override IGraphics GetDrawingApi() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Bitmaps : IImageFactory
    {
        public BitmapImage CreateBitmap(int width, int height, PixelFormat pixelFormat) => new Bitmap((_, _) => false);

        public BitmapImage CreateFromStream(Stream file) => throw new NotSupportedException();
    }
}
