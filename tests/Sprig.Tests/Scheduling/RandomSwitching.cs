using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>One random program: bodies that do random things, and the model of what must come of each.</summary>
internal sealed class RandomSwitching(int seed, bool mayWait)
{
    private const int Root = -1;
    private const int Operations = 150;
    private readonly Random _random = new(seed);
    private readonly List<One> _all = [];
    private int _left = Operations;
    private int _count;
    private int _current = Root;

    /// <summary>Who must have control next, and what comes with it; null when nothing is under way.</summary>
    private (int Who, int Value, bool IsError)? _expected;

    private enum Kind
    {
        Switch,
        SwitchBack,
        Throw,
    }

    internal async Task RunAsync()
    {
        try
        {
            for (int i = 0; i < 3; i++)
                Make();
            while (_left > 0)
                await ActAsync(Root);
            Assert.Null(_expected);
            foreach (One one in _all)
            {
                Assert.Equal(one.IsAlive, one.Coroutine.IsAlive);
                Assert.Equal(one.HasStarted, one.Coroutine.IsStarted);
                await one.Coroutine.DisposeAsync();
                Assert.False(one.Coroutine.IsAlive);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
        }
    }

    private void Make()
    {
        int number = _all.Count;
        One one = new() { Parent = _current };
        _all.Add(one);
        one.Coroutine = new SymmetricCoroutine<int, int>(async (_, value) =>
        {
            Arrive(number, value, false);
            while (_left > 0 && _random.Next(12) > 0)
                await ActAsync(number);
            int result = ++_count;
            bool isError = _random.Next(3) == 0;
            End(one, result, isError);
            return isError ? throw new TaggedException(result) : result;
        });
    }

    private async Task ActAsync(int caller)
    {
        _left--;
        int target = _random.Next(_all.Count);
        switch (_random.Next(10))
        {
            case 0:
                Make();
                break;
            case 1 when mayWait:
                await Coroutine.Yield();
                Assert.Equal(caller, _current);
                break;
            case 2:
                SetParent(_all[target], _random.Next(Root, _all.Count));
                break;
            case 3 or 4 or 5 when caller != Root:
                await SwitchAsync(caller, _all[caller].SwitchedBy, Kind.SwitchBack);
                break;
            case 6:
                await SwitchAsync(caller, target, Kind.Throw);
                break;
            default:
                await SwitchAsync(caller, target, Kind.Switch);
                break;
        }
    }

    private async Task SwitchAsync(int caller, int? target, Kind kind)
    {
        int value = ++_count;
        bool isPossible = target is { } to && (to == Root || _all[to].IsAlive);
        if (isPossible)
            Hand(caller, target!.Value, value, kind);
        try
        {
            int got = kind switch
            {
                Kind.SwitchBack => await _all[caller].Coroutine.SwitchBack(value),
                Kind.Throw => await _all[target!.Value].Coroutine.Throw(new TaggedException(value)),
                _ => await _all[target!.Value].Coroutine.Switch(value),
            };
            Arrive(caller, got, false);
        }
        catch (TaggedException e)
        {
            Arrive(caller, e.Value, true);
        }
        catch (InvalidOperationException) when (!isPossible)
        {
            Assert.Null(_expected);
            Assert.Equal(caller, _current);
        }
    }

    private void SetParent(One one, int parent)
    {
        if (!one.IsAlive)
            return;
        bool isCircle = false;
        for (int above = parent; above != Root; above = _all[above].Parent)
            isCircle |= _all[above] == one;
        SymmetricCoroutine<int, int>? value = parent == Root ? null : _all[parent].Coroutine;
        if (isCircle)
        {
            Assert.Throws<ArgumentException>(() => one.Coroutine.Parent = value);
            return;
        }

        one.Coroutine.Parent = value;
        one.Parent = parent;
    }

    private void Hand(int caller, int target, int value, Kind kind)
    {
        if (kind != Kind.SwitchBack && target != caller)
            _all[target].SwitchedBy = caller;
        Resume(target, value, kind == Kind.Throw);
    }

    private void End(One one, int result, bool isError)
    {
        one.IsAlive = false;
        int heir = one.Parent;
        while (heir != Root && !_all[heir].IsAlive)
            heir = _all[heir].Parent;
        Resume(heir, result, isError);
    }

    private void Resume(int target, int value, bool isError)
    {
        _current = target;
        if (target != Root && !_all[target].HasStarted)
        {
            _all[target].HasStarted = true;
            if (isError)
            {
                End(_all[target], value, true);
                return;
            }
        }

        _expected = (target, value, isError);
    }

    private void Arrive(int who, int value, bool isError)
    {
        Assert.Equal(_expected, (who, value, isError));
        _expected = null;
        Assert.Same(who == Root ? null : _all[who].Coroutine, SymmetricCoroutine.Current);
    }

    private sealed class One
    {
        internal SymmetricCoroutine<int, int> Coroutine { get; set; } = null!;

        internal bool IsAlive { get; set; } = true;

        internal bool HasStarted { get; set; }

        internal int Parent { get; set; }

        internal int? SwitchedBy { get; set; }
    }

    private sealed class TaggedException(int value) : Exception($"{value}")
    {
        internal int Value => value;
    }
}
