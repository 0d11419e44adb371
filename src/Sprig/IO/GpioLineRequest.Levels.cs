namespace Sprig.IO;

/// <content>Levels and settings: any thread.</content>
public abstract partial class GpioLineRequest
{
    internal ulong Read(ulong mask)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            return GetValues(mask & All) & mask;
        }
    }

    internal void Write(ulong mask, ulong levels)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            Drive(mask & All, levels);
        }
    }

    internal void Toggle(ulong mask)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            Drive(mask & All, ~_levels);
        }
    }

    /// <summary>Sets lines anew, in place: those that are outputs already keep their level, those that become one begin with their
    /// initial level, and edges that nobody has taken yet stay.</summary>
    internal void Configure(ulong mask, GpioLineSettings settings)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            GpioLineSettings[] now = [.. _settings];
            ulong levels = _levels;
            for (int i = 0; i < now.Length; i++)
            {
                if ((mask & 1UL << i) == 0)
                    continue;
                settings.ThrowIfUnfit(NameOf(i));
                if (settings.Clock != now[i].Clock)
                    throw new ArgumentException($"{NameOf(i)}: its Clock can't be changed in place: edges that wait already have the other's stamps.");
                // The kernel would leave an output driving, and nobody would know of its safe level any more.
                if (settings.Direction == GpioDirection.AsIs && now[i].Direction != GpioDirection.AsIs)
                    throw new ArgumentException($"{NameOf(i)}: Direction AsIs is for opening a line; say Input or Output.");
                if (now[i].Direction != GpioDirection.Output)
                    levels = settings.InitialLevel ? levels | 1UL << i : levels & ~(1UL << i);
                now[i] = settings;
            }

            using IDisposable? announced = HeldLines.Announce(KernelChip, _lines, now);
            SetConfig(now, levels);
            _levels = levels;
            Volatile.Write(ref _settings, now);
        }
    }

    private void Drive(ulong mask, ulong levels)
    {
        for (int i = 0; i < _settings.Length; i++)
        {
            if ((mask & 1UL << i) != 0 && _settings[i].Direction == GpioDirection.Input)
                throw new InvalidOperationException($"{NameOf(i)} is an input; only outputs are driven. Open it as an output, or configure it as one.");
        }

        SetValues(mask, levels & mask);
        // A level that could not be driven is not taken for driven.
        _levels = (_levels & ~mask) | (levels & mask);
    }

    /// <summary>Drives the safe levels, and holds on to the lines.</summary>
    internal void MakeSafe()
    {
        lock (_gate)
        {
            if (!IsDisposed)
                DriveSafe();
        }
    }

    private void DriveSafe()
    {
        ulong mask = MaskOf(_settings, one => one is { Direction: GpioDirection.Output, SafeLevel: not null });
        if (mask == 0)
            return;
        try
        {
            // Closing alone may keep the level: the kernel leaves that to the chip.
            Drive(mask, MaskOf(_settings, one => one.SafeLevel == true));
        }
        catch (IOException)
        {
            // The chip is gone; there is nothing left to drive.
        }
    }
}
