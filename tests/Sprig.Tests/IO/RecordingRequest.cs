using Sprig.IO;

namespace Sprig.Tests.IO;

/// <summary>Lines that record what is done with them.</summary>
internal sealed class RecordingRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings) : GpioLineRequest(lines, settings, "a fake")
{
    internal RecordingRequest(GpioOutputOptions options)
        : this([5], [options.Settings]) => Output = new GpioOutput(this);

    internal List<string> Log { get; } = [];

    internal GpioOutput Output { get; } = null!;

    internal GpioLineGroup Group => new(this);

    internal bool IsGone { get; set; }

    /// <summary>What a read gives.</summary>
    internal ulong Values { get; set; }

    internal Queue<GpioEdge> Edges { get; } = new();

    internal override GpioChipInfo? KernelChip => Of;

    /// <summary>Called before its lines are set anew.</summary>
    internal Action Configuring { get; init; } = static () => { };

    /// <summary>The kernel's chip that its lines are said to be of.</summary>
    internal GpioChipInfo? Of { get; init; }

    protected override ulong GetValues(ulong mask) => IsGone ? throw new IOException("gone") : Values;

    protected override void SetValues(ulong mask, ulong levels)
    {
        if (IsGone)
            throw new IOException("gone");
        Log.Add(Lines.Count == 1 ? (levels == 1 ? "high" : "low") : $"{mask:b4} {levels:b4}");
    }

    protected override void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels)
    {
        Configuring();
        if (IsGone)
            throw new IOException("gone");
        Log.Add($"configured {string.Join(' ', settings.Select(one => one.Direction))}, levels {levels:b4}");
    }

    protected override void Release() => Log.Add("released");

    protected override bool TryTakeEdge(out GpioEdge edge) => Edges.TryDequeue(out edge);

    protected override void StartListening()
    {
    }

    protected override void StopListening()
    {
    }
}
