using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>A chip that writes down each call which would be one of the kernel, and does nothing else that allocates.</summary>
/// <param name="isSilent">It does not even write down.</param>
internal sealed class CountingChip(bool isSilent = false) : GpioChip
{
    private readonly List<string> _calls = [];
    private Request? _last;

    private bool IsSilent => isSilent;

    public override string Name => "gpiochip7";

    public override string Label => "counting";

    public override int LineCount => 64;

    public override GpioLineInfo GetLineInfo(int line) => new(line, "", "", false, false);

    public override void Dispose() => Note($"dispose");

    internal string[] TakeCalls()
    {
        string[] calls = [.. _calls];
        _calls.Clear();
        return calls;
    }

    /// <summary>An edge on the pin that was opened last. Loop thread.</summary>
    internal void Edge() => _last!.Edge();

    protected override GpioLineRequest OpenRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options)
    {
        Note($"open {string.Join(' ', lines)}");
        return _last = new Request(this, lines, settings);
    }

    protected override IAsyncEnumerable<GpioLineChange> OpenWatch(IReadOnlyList<int> lines) => throw new NotSupportedException();

    private void Note(FormattableString call) => _calls.Add(FormattableString.Invariant(call));

    private sealed class Request(CountingChip chip, IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings)
        : GpioLineRequest(lines, settings, chip.Name)
    {
        private readonly Queue<GpioEdge> _edges = new();
        private uint _sequence;
        private ulong _driven;

        internal void Edge()
        {
            _edges.Enqueue(new GpioEdge(Lines[0], _sequence % 2 == 0, MonotonicTime.Now, ++_sequence));
            OnEdges();
        }

        protected override ulong GetValues(ulong mask)
        {
            if (!chip.IsSilent)
                chip.Note($"get {mask:b}");
            return _driven & mask;
        }

        protected override void SetValues(ulong mask, ulong levels)
        {
            if (!chip.IsSilent)
                chip.Note($"set {mask:b} to {levels:b}");
            _driven = (_driven & ~mask) | levels;
        }

        protected override void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels)
        {
            chip.Note($"config {string.Join(", ", settings.Select(one => $"{one.Direction} {one.Bias} {one.Edges}"))} at {levels:b}");
            _driven = levels;
        }

        protected override void Release() => chip.Note($"release");

        protected override bool TryTakeEdge(out GpioEdge edge) => _edges.TryDequeue(out edge);

        protected override void StartListening()
        {
        }

        protected override void StopListening()
        {
        }
    }
}
