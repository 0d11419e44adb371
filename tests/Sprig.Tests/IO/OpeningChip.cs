using Sprig.IO;

namespace Sprig.Tests.IO;

/// <summary>A chip that is taken for the kernel's, whose lines a test opens.</summary>
internal sealed class OpeningChip(GpioChipInfo chip, Func<IReadOnlyList<GpioLineSettings>, GpioLineRequest> open) : GpioChip
{
    public override string Name => chip.Name;

    public override string Label => chip.Label;

    public override int LineCount => chip.LineCount;

    internal override GpioChipInfo Kernel => chip;

    public override GpioLineInfo GetLineInfo(int line) => throw new NotSupportedException();

    public override void Dispose()
    {
    }

    protected override GpioLineRequest OpenRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options) => open(settings);

    protected override IAsyncEnumerable<GpioLineChange> OpenWatch(IReadOnlyList<int> lines) => throw new NotSupportedException();
}
