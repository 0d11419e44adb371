using System.Numerics;
using Sprig.IO;

namespace Sprig.Testing;

/// <summary>Lines of a <see cref="SimulatedBoard"/> that are held: keeps edges as the kernel does, the newest when there are too many.</summary>
internal sealed partial class SimulatedRequest : GpioLineRequest
{
    private readonly SimulatedBoard _board;
    private readonly SimulatedLine[] _taken;
    private readonly GpioRequestOptions _options;
    private readonly int _keeps;

    internal SimulatedRequest(SimulatedBoard board, SimulatedLine[] taken, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options)
        : base([.. taken.Select(line => line.Number)], settings, board.ToString())
    {
        _board = board;
        _taken = taken;
        _options = options;
        // As the kernel, whose queues are powers of two.
        _keeps = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(options.EdgeBuffer, 2));
        _detectors = [.. taken.Select(_ => new EdgeDetector())];
    }

    /// <summary>Under the board's lock, when they are free.</summary>
    internal void TakeLines()
    {
        foreach (SimulatedLine line in _taken)
            (line.Consumer, line.Holder) = (_options.Consumer, this);
        Apply(Settings, Levels);
        foreach (SimulatedLine line in _taken)
            _board.Notify(GpioLineChangeKind.Requested, line);
    }

    protected override ulong GetValues(ulong mask)
    {
        lock (_board.Gate)
        {
            ThrowIfGone("read");
            ulong levels = 0;
            for (int i = 0; i < _taken.Length; i++)
                levels |= LevelOf(i) ? 1UL << i : 0;
            return levels & mask;
        }
    }

    protected override void SetValues(ulong mask, ulong levels) => _board.Do(() =>
    {
        ThrowIfGone("drive");
        for (int i = 0; i < _taken.Length; i++)
        {
            if ((mask & 1UL << i) == 0)
                continue;
            if (!_taken[i].IsOutput)
                throw new InvalidOperationException($"{Name}: one of them is taken as it is, and it is no output; only outputs are driven. Give it a Direction.");
            _taken[i].Wanted = (levels & 1UL << i) != 0;
        }

        SettleNets();
    });

    protected override void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels) => _board.Do(() =>
    {
        ThrowIfGone("configure");
        _board.ThrowIfBiasRefused("configure", Name, settings);
        Apply(settings, levels);
        foreach (SimulatedLine line in _taken)
            _board.Notify(GpioLineChangeKind.Reconfigured, line);
    });

    protected override void Release() => _board.Do(() =>
    {
        // An output keeps its level when it is given back, as most chips do; what else acts on its pin has its way.
        foreach (SimulatedLine line in _taken)
        {
            (line.Consumer, line.Holder) = (null, null);
            line.Settings = new GpioLineSettings { Direction = GpioDirection.AsIs };
        }

        SettleNets();
        foreach (SimulatedLine line in _taken)
            _board.Notify(GpioLineChangeKind.Released, line);
        Wake();
    });

    private void Apply(IReadOnlyList<GpioLineSettings> settings, ulong levels)
    {
        for (int i = 0; i < _taken.Length; i++)
        {
            _taken[i].Settings = settings[i];
            _taken[i].Wanted = (levels & 1UL << i) != 0;
            // What was without edges settles into its new state first: that is no edge of it.
            _detectors[i].IsOn &= settings[i].Edges != GpioEdges.None || settings[i].Debounce > TimeSpan.Zero;
        }

        SettleNets();
        for (int i = 0; i < _taken.Length; i++)
        {
            if (_detectors[i].IsOn || (settings[i].Edges == GpioEdges.None && settings[i].Debounce == TimeSpan.Zero))
                continue;
            _detectors[i].IsOn = true;
            _detectors[i].Level = _taken[i].Net.Level;
        }
    }

    private void SettleNets()
    {
        foreach (SimulatedNet net in _taken.Select(line => line.Net).Distinct().ToArray())
            _board.Settle(net);
    }

    private bool LevelOf(int place)
        => _taken[place].Settings.Debounce > TimeSpan.Zero ? _detectors[place].Level ^ _taken[place].Settings.ActiveLow : _taken[place].Level;

    private void ThrowIfGone(string action)
    {
        if (_board.IsRemoved)
            throw SimulatedBoard.Gone($"{action} {Name}");
    }
}
