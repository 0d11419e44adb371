namespace Sprig.Supervision;

/// <summary>One that stands in the line of a full pool.</summary>
internal interface IPoolTurn
{
    /// <summary>It is this one's turn: a place of the pool is taken in its name.</summary>
    void OnTurn();

    /// <summary>It will never be.</summary>
    void OnDropped();
}
